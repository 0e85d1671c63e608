import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { TemplateView } from '../../src/command-center/templates/templates.dto.js';
import { emailIn, readySender } from '../command-center/emails/email-world.js';
import { describeInBrowser } from './browser.js';
import { LiveWorld } from './live-world.js';

describeInBrowser('templates on the page', () => {
  let world: LiveWorld;
  const rep = () => world.sync.reps[0]!;
  const mate = () => world.sync.reps[1]!;
  const make = (name: string, values: object = {}, as = rep()) =>
    world.sync.call<TemplateView>('POST', '/v1/templates', { name, subject: 'Hello', body: 'Hi', ...values }, as);
  const read = (id: string) => world.sync.call<TemplateView>('GET', `/v1/templates/${id}`);
  const change = (id: string, values: object) =>
    world.sync.call('PATCH', `/v1/templates/${id}`, values, undefined, { 'If-Match': '*' });
  const names = async (page: Page) => page.getByRole('list', { name: 'Templates' }).getByRole('link').allTextContents();
  async function axe(page: Page) {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([]);
  }

  beforeAll(async () => {
    world = await LiveWorld.create({ reps: 2 });
    await make('First contact', { category: 'Outreach', shared: true });
    await make('Second try', { category: 'Outreach' });
    await make('Invoice reminder', { category: 'Billing', commercial: false });
  });
  afterAll(() => world.close());

  it('writes one with fields, says where a mistake is, and shows how it looks to somebody', async () => {
    await world.sync.call('POST', '/v1/people', { name: 'Grace Harper', company: 'Harbour Ltd' }, rep());
    const { page, context, complaints } = await world.pageOf(rep());
    await page.goto('/templates');
    await page.getByRole('link', { name: 'First contact' }).waitFor();
    await page.keyboard.press('n');
    await page.getByLabel('Name', { exact: true }).fill('Fair');
    await page.getByRole('combobox', { name: 'Category' }).fill('Events');
    await page.getByRole('textbox', { name: 'Subject' }).fill('{{ company }} at the fair');
    const text = page.getByRole('textbox', { name: 'Text' });
    await text.fill('<p>Dear ');
    await page.getByRole('button', { name: 'Insert a field' }).click();
    await page.getByRole('menuitem', { name: 'First name' }).click();
    await text.press('End');
    await page.keyboard.type(',</p>\n<p style="color: #c02b32">we met.</p>\n{{ shoe_size }}');
    const preview = page.getByRole('region', { name: 'Preview' });
    await preview.getByText(/^Text, line 3: /).waitFor();
    await page.getByRole('button', { name: 'Create template' }).click();
    await page.getByRole('alert').first().waitFor();
    await text.fill((await text.inputValue()).replace('\n{{ shoe_size }}', ''));
    const letter = page.frameLocator('iframe');
    await letter.getByText('Dear Grace,').waitFor();
    await preview.getByText('Example Ltd at the fair').waitFor();
    await preview.getByRole('combobox', { name: 'Preview for' }).fill('Grace');
    await page.getByRole('option', { name: /Grace Harper/ }).click();
    await preview.getByText('Harbour Ltd at the fair').waitFor();
    expect(await page.locator('iframe').getAttribute('sandbox')).toBe('');
    await page.getByRole('button', { name: 'Create template' }).click();
    await page.getByRole('heading', { name: 'Fair', level: 1 }).waitFor();
    const made = await read(new URL(page.url()).pathname.split('/').at(-1) ?? '');
    expect(made).toMatchObject({
      name: 'Fair',
      category: 'Events',
      subject: '{{ company }} at the fair',
      shared: false,
    });
    expect(made.body).toBe('<p>Dear {{first_name}},</p>\n<p style="color: #c02b32">we met.</p>');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('is found by list, category, words and star', async () => {
    const { page, context } = await world.pageOf(rep());
    await page.goto('/templates');
    await page.getByRole('combobox', { name: 'Category' }).click();
    await page.getByRole('option', { name: 'Outreach (2)' }).click();
    await page.getByRole('link', { name: 'Invoice reminder' }).waitFor({ state: 'detached' });
    expect(await names(page)).toEqual(['First contact', 'Second try']);
    await page.getByRole('textbox', { name: 'Search templates' }).fill('second');
    await page.getByRole('link', { name: 'First contact' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Second try is a favourite', pressed: false }).click();
    await page.getByRole('button', { name: 'Second try is a favourite', pressed: true }).waitFor();
    await page.goto('/templates?list=favourites');
    await page.getByRole('link', { name: 'Second try' }).waitFor();
    expect(await names(page)).toEqual(['Second try']);
    await page.getByRole('button', { name: 'Second try is a favourite' }).click();
    await page.getByRole('heading', { name: 'No favourites yet' }).waitFor();
    await context.close();
  });

  it('asks where two changed the same, and keeps what only one did', async () => {
    const { id } = await make('Clashing');
    const { page, context } = await world.pageOf(rep());
    await page.goto(`/templates/${id}`);
    await page.getByRole('textbox', { name: 'Text' }).fill('Mine');
    await change(id, { subject: 'Theirs' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.', { exact: true }).waitFor();
    expect(await read(id)).toMatchObject({ subject: 'Theirs', body: 'Mine' });
    await page.getByRole('textbox', { name: 'Text' }).fill('Mine again');
    await change(id, { body: 'Theirs' });
    await page.keyboard.press('Control+Enter');
    await page.getByText('Somebody changed the text meanwhile.').waitFor();
    await page.getByRole('button', { name: 'Reload theirs' }).click();
    expect(await page.getByRole('textbox', { name: 'Text' }).inputValue()).toBe('Theirs');
    await context.close();
  });

  it('says what became of its emails, for oneself and for the team', async () => {
    const { id } = await make('Counted', { shared: true });
    const { database, clock, test, team } = world.sync;
    const asWorld = { database, clock, app: test, end: () => Promise.resolve() };
    for (const [user, states] of [
      [rep(), ['delivered', 'bounced']],
      [mate(), ['archived', 'delivered']],
    ] as const) {
      const by = { ...(await readySender(asWorld, team, user)), userId: user.userId };
      for (const state of states) {
        const successAt = user === mate() && state === 'delivered' ? clock.now() : null;
        await emailIn(asWorld, team, by, state, { templateId: id, sentAt: clock.now(), successAt });
      }
    }
    const { page, context, complaints } = await world.pageOf(rep());
    await page.goto('/templates');
    const row = page.getByRole('listitem').filter({ hasText: 'Counted' });
    await row.getByText('4 sent').waitFor();
    await row.getByText('25% success').waitFor();
    await row.getByRole('link').click();
    const table = page.getByRole('table', { name: 'What became of its emails' });
    const cells = async (name: string) =>
      table
        .getByRole('row')
        .filter({ has: page.getByRole('rowheader', { name, exact: true }) })
        .getByRole('cell')
        .allTextContents();
    await table.waitFor();
    expect([await cells('Sent'), await cells('Bounced')]).toEqual([
      ['2', '4'],
      ['1', '1'],
    ]);
    expect([await cells('Success'), await cells('Success rate')]).toEqual([
      ['0', '1'],
      ['0%', '25%'],
    ]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('shows what others share, to be copied and not changed; a locked one is only the admin’s', async () => {
    const theirs = await make('Of a mate', { shared: true, body: 'Theirs' }, mate());
    const own = await make('Mine and locked');
    const { page, context } = await world.pageOf(world.sync.team.admin);
    await page.goto(`/templates/${own.id}`);
    await page.getByRole('switch', { name: 'Locked' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.', { exact: true }).waitFor();
    await context.close();

    const reps = await world.pageOf(rep());
    await reps.page.goto(`/templates/${own.id}`);
    await reps.page.getByText('An admin has locked this template').waitFor();
    await reps.page.getByRole('button', { name: 'More actions' }).click();
    await reps.page.getByRole('menuitem', { name: 'Delete' }).click();
    await reps.page.getByRole('button', { name: 'Delete', exact: true }).click();
    await reps.page.getByRole('status').getByText(/lock/).waitFor();
    await reps.page.goto(`/templates/${theirs.id}`);
    await reps.page.getByText('This template belongs to Rep 2.').waitFor();
    expect(await reps.page.getByRole('textbox', { name: 'Text' }).isEditable()).toBe(false);
    await reps.page.getByRole('button', { name: 'Duplicate' }).click();
    await reps.page.waitForURL((url) => url.pathname.startsWith('/templates/') && !url.pathname.includes(theirs.id));
    await reps.page.getByRole('textbox', { name: 'Text' }).fill('My own way');
    await reps.page.getByRole('button', { name: 'Save' }).click();
    await reps.page.getByText('Saved.', { exact: true }).waitFor();
    expect((await read(theirs.id)).body).toBe('Theirs');
    await reps.page.getByRole('button', { name: 'More actions' }).click();
    await reps.page.getByRole('menuitem', { name: 'Delete' }).click();
    await reps.page.getByRole('button', { name: 'Delete', exact: true }).click();
    await reps.page.getByRole('list', { name: 'Templates' }).waitFor();
    await reps.context.close();
  });

  it.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)('has nothing that axe finds, in %s, %i wide', async (scheme, width) => {
    const { id } = await make(`Accessible ${scheme}`, { body: '<p>Hi {{ first_name }}</p>' });
    const { page, context, complaints } = await world.pageOf(rep(), { dark: scheme === 'dark', width });
    for (const path of ['/templates', '/templates/new', `/templates/${id}`, '/templates?q=none+such']) {
      await page.goto(path);
      await page.locator('h1').first().waitFor();
      await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
      if (path.includes(id)) await page.frameLocator('iframe').getByText('Hi Grace').waitFor();
      await axe(page);
      expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});
