import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { PersonView } from '../../src/command-center/people/people.dto.js';
import type { TestUser } from '../support/app.js';
import { describeInBrowser } from './browser.js';
import { LiveWorld } from './live-world.js';

const COMPANIES = ['Harbour Ltd', 'Alpenbank', 'Nordlicht AG', 'Wells & Sons'];

describeInBrowser('people on the page', () => {
  let world: LiveWorld;
  const rep = () => world.sync.reps[0]!;
  const admin = () => world.sync.team.admin;
  const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });
  const add = (name: string, values: object = {}, as: TestUser = rep()) =>
    world.sync.call<PersonView>('POST', '/v1/people', { name, ...values }, as);
  const read = (id: string) => world.sync.call<PersonView>('GET', `/v1/people/${id}`);
  const change = (id: string, values: object) =>
    world.sync.call('PATCH', `/v1/people/${id}`, values, admin(), { 'If-Match': '*' });

  beforeAll(async () => {
    world = await LiveWorld.create({ reps: 2 });
    for (let n = 1; n <= 12; n += 1) {
      const company = COMPANIES[n % COMPANIES.length];
      await add(`Prospect ${n}`, { email: `prospect${n}@example.com`, company, title: 'Head of Operations' });
    }
  });
  afterAll(() => world.close());

  it('adds a person by keyboard, shows what is refused, and saves what is changed, fields of one’s own too', async () => {
    const { page, context, complaints } = await world.pageOf(rep());
    await page.goto('/people');
    await rowOf(page, 'Prospect 1').first().waitFor();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'Add a person' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Grace Harper');
    await dialog.getByRole('textbox', { name: 'Email address' }).fill('prospect1@example.com');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').waitFor();
    await dialog.getByRole('textbox', { name: 'Email address' }).fill('grace@example.com');
    await page.keyboard.press('Enter');

    const panel = page.getByRole('dialog', { name: 'Person: Grace Harper' });
    await panel.getByLabel('Company').fill('Harbour Ltd');
    await panel.getByRole('button', { name: 'Add a field' }).click();
    await panel.getByRole('textbox', { name: 'Name of the new field' }).fill('Contract end');
    await page.keyboard.press('Enter');
    await panel.getByLabel('{{custom.contract_end}}').fill('March 2027');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Saved.', { exact: true }).waitFor();
    const id = new URL(page.url()).searchParams.get('person') ?? '';
    expect(await read(id)).toMatchObject({ company: 'Harbour Ltd', custom: { contract_end: 'March 2027' } });
    await panel.getByRole('button', { name: 'Discard' }).waitFor({ state: 'detached' });

    await panel.getByLabel('{{custom.contract_end}}').fill('');
    await panel.getByRole('button', { name: 'Save' }).click();
    await panel.getByLabel('{{custom.contract_end}}').waitFor({ state: 'detached' });
    expect((await read(id)).custom).toEqual({});
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('takes in what others change meanwhile, and asks where both changed the same', async () => {
    const { id } = await add('Clara Clash', { title: 'Buyer', company: 'Alpenbank' });
    const { page, context } = await world.pageOf(rep());
    await page.goto(`/people?person=${id}`);
    const panel = page.getByRole('dialog', { name: 'Person: Clara Clash' });
    await panel.getByLabel('Title').fill('Head of Buying');
    await change(id, { company: 'Nordlicht AG' });
    await panel.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.', { exact: true }).waitFor();
    expect(await read(id)).toMatchObject({ title: 'Head of Buying', company: 'Nordlicht AG' });

    await panel.getByLabel('Title').fill('As I say');
    await change(id, { title: 'As they say' });
    await panel.getByRole('button', { name: 'Save' }).click();
    await panel.getByText('Somebody changed the title meanwhile.').waitFor();
    expect((await read(id)).title).toBe('As they say');
    await panel.getByRole('button', { name: 'Overwrite with mine' }).click();
    await panel.getByText('Somebody changed the title meanwhile.').waitFor({ state: 'detached' });
    expect((await read(id)).title).toBe('As I say');
    await context.close();
  });

  it('unsubscribes, and lets only an admin subscribe somebody again, with a reason that is kept', async () => {
    const { id } = await add('Una Subscribed', { email: 'una@example.com', shared: true });
    const reps = await world.pageOf(rep());
    await reps.page.goto(`/people?person=${id}`);
    await reps.page.getByRole('button', { name: 'Unsubscribe' }).click();
    await reps.page.getByRole('textbox', { name: /^Reason/ }).fill('Wrote to us');
    await reps.page.getByRole('form', { name: 'Unsubscribe' }).getByRole('button', { name: 'Unsubscribe' }).click();
    await reps.page.getByText('An admin of your team can change that.').waitFor();
    await rowOf(reps.page, 'Una Subscribed').getByText('Unsubscribed').waitFor();
    expect(await reps.page.getByRole('button', { name: 'Subscribe again' }).count()).toBe(0);
    await reps.context.close();

    const { page, context } = await world.pageOf(admin());
    await page.goto(`/people?person=${id}`);
    await page.getByText('“Wrote to us”').waitFor();
    await page.getByRole('button', { name: 'Subscribe again' }).click();
    await page.getByRole('textbox', { name: 'Why they get emails again' }).fill('Asked on the phone');
    await page.getByRole('form', { name: 'Subscribe again' }).getByRole('button', { name: 'Subscribe again' }).click();
    await page.getByText('“Asked on the phone”').waitFor();
    expect((await read(id)).unsubscribed_at).toBeNull();
    await context.close();
  });

  it('says why somebody cannot be deleted, and deletes one’s own', async () => {
    const theirs = await add('Tom Theirs', { shared: true }, admin());
    const own = await add('Olga Own');
    const { page, context } = await world.pageOf(rep());
    const destroy = async (id: string) => {
      await page.goto(`/people?person=${id}`);
      await page.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
    };
    await destroy(theirs.id);
    await page.getByRole('status').getByText(/owner/).waitFor();
    await rowOf(page, 'Tom Theirs').waitFor();
    await destroy(own.id);
    await page.getByText('Olga Own is deleted.').waitFor();
    await rowOf(page, 'Olga Own').waitFor({ state: 'detached' });
    await context.close();
  });

  it('begins an email to one person, and a Select and Send to those who are selected', async () => {
    const { page, context } = await world.pageOf(rep());
    await page.goto('/people?q=Prospect');
    await rowOf(page, 'Prospect 3').waitFor();
    await page.keyboard.press('x');
    await page.keyboard.press('Shift+J');
    await page.getByRole('link', { name: 'Write to them' }).click();
    await page.getByText('2 of at most 200').waitFor();
    const one = await add('Wanda Written', { email: 'wanda@example.com' });
    await page.goto(`/people?person=${one.id}`);
    await page.getByRole('link', { name: 'Write', exact: true }).click();
    await page.getByRole('heading', { name: 'Write' }).waitFor();
    expect(await page.getByRole('combobox', { name: 'To' }).inputValue()).toContain('Wanda Written');
    await context.close();
  });

  it('keeps people together in groups: made, filled, shared, renamed, emptied, deleted', async () => {
    const { page, context, complaints } = await world.pageOf(rep());
    await page.goto('/people?q=Prospect');
    await page.getByRole('button', { name: 'New group' }).click();
    await page.getByRole('dialog', { name: 'New group' }).getByRole('textbox', { name: 'Name' }).fill('Trade fair');
    await page.keyboard.press('Enter');
    await page.getByText('The group “Trade fair” is there.').waitFor();
    const groups = page.getByRole('navigation', { name: 'Groups' });
    await groups.getByRole('link', { name: 'Everybody' }).click();
    await rowOf(page, 'Prospect 3').waitFor();
    await page.keyboard.press('x');
    await page.keyboard.press('Shift+J');
    await page.keyboard.press('g');
    await page.getByRole('dialog', { name: 'Add to a group' }).getByRole('combobox').fill('trade');
    await page.keyboard.press('Enter');
    await page.getByText('2 people added to Trade fair.').waitFor();
    await groups.getByRole('link', { name: 'Trade fair 2' }).click();
    await page.getByText('yours, not shared · 2 people').waitFor();

    await page.getByRole('button', { name: 'Change the group Trade fair' }).click();
    await page.getByRole('menuitem', { name: 'Share with the team' }).click();
    await page.getByText('yours, shared with the team').waitFor();
    const others = await world.pageOf(world.sync.reps[1]!);
    await others.page.goto('/people');
    await others.page.getByRole('link', { name: /^Trade fair/ }).click();
    await others.page.getByText('of Rep 1, shared with the team').waitFor();
    await others.page.getByRole('heading', { name: 'Nobody in this group whom you see' }).waitFor();
    expect(await others.page.getByRole('button', { name: 'Change the group Trade fair' }).count()).toBe(0);
    await others.context.close();

    await page.getByRole('button', { name: 'Change the group Trade fair' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Trade fair in March');
    await page.keyboard.press('Enter');
    await groups.getByRole('link', { name: /^Trade fair in March/ }).waitFor();
    await page.getByRole('checkbox', { name: 'Select all that are loaded' }).click();
    await page.getByRole('button', { name: 'Remove from Trade fair in March' }).click();
    await page.getByText('2 people removed from Trade fair in March.').waitFor();
    await page.getByRole('button', { name: 'Change the group Trade fair in March' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete the group' }).click();
    await rowOf(page, 'Prospect 3').waitFor();
    expect(await groups.getByRole('link', { name: /^Trade fair/ }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('exports the people who are shown', async () => {
    const { page, context } = await world.pageOf(rep());
    await page.goto('/people?q=prospect7');
    await rowOf(page, 'Prospect 7').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export' }).click();
    const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('prospect7@example.com');
    await context.close();
  });

  it.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)('has nothing that axe finds, in %s, %i wide', async (scheme, width) => {
    const { id } = await add(`Axel Axe ${scheme}`, { custom: { industry: 'Shipping' } });
    await world.sync.call('POST', '/v1/groups', { name: `Group in ${scheme}` }, rep());
    const { page, context, complaints } = await world.pageOf(rep(), { dark: scheme === 'dark', width });
    for (const path of ['/people', `/people?person=${id}`, '/people?q=nobody+at+all']) {
      await page.goto(path);
      await page.locator('h1').first().waitFor();
      await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      const found = violations.map(
        ({ id: rule, nodes }) => `${path}: ${rule}: ${nodes.map(({ html }) => html).join()}`,
      );
      expect(found).toEqual([]);
    }
    const scrolls = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    expect(scrolls).toBe(false);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
