import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page, Request } from 'playwright-core';
import type { PersonNotePage } from '../../src/command-center/people/notes/person-notes.dto.js';
import type { PersonView } from '../../src/command-center/people/people.dto.js';
import type { TestUser } from '../support/app.js';
import { describeInBrowser } from './browser.js';
import { LiveWorld } from './live-world.js';

describeInBrowser('what the panel of a person does', () => {
  let world: LiveWorld;
  const rep = () => world.sync.reps[0]!;
  const admin = () => world.sync.team.admin;
  const add = (name: string, values: object = {}, as: TestUser = rep()) =>
    world.sync.call<PersonView>('POST', '/v1/people', { name, ...values }, as);
  const read = (id: string) => world.sync.call<PersonView>('GET', `/v1/people/${id}`);
  const notesOf = async (id: string) => (await world.sync.call<PersonNotePage>('GET', `/v1/people/${id}/notes`)).data;
  const menu = async (page: Page, item: string) => {
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  async function axe(page: Page) {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([]);
  }

  beforeAll(async () => {
    world = await LiveWorld.create({ reps: 2 });
  });
  afterAll(() => world.close());

  it('writes notes down by keyboard, edits and deletes them, and lets others’ alone', async () => {
    const { id } = await add('Nora Noted', { shared: true });
    const { page, context, complaints } = await world.pageOf(rep());
    await page.goto(`/people?person=${id}`);
    const notes = page.getByRole('region', { name: 'Notes' });
    await notes.getByRole('textbox', { name: 'New note' }).fill('Likes tea');
    await page.keyboard.press('Control+Enter');
    await notes.getByRole('listitem').getByText('Likes tea').waitFor();
    await notes.getByRole('button', { name: 'Add note' }).waitFor({ state: 'detached' });
    expect(await notes.getByRole('textbox', { name: 'New note' }).inputValue()).toBe('');

    await notes.getByRole('button', { name: 'Edit the note “Likes tea”' }).click();
    const form = notes.getByRole('form', { name: 'Edit the note' });
    await form.getByRole('textbox').fill('Likes coffee');
    const [note] = await notesOf(id);
    const theirs = { text: 'Likes milk' };
    await world.sync.call('PATCH', `/v1/people/${id}/notes/${note?.id}`, theirs, rep(), { 'If-Match': '*' });
    await page.keyboard.press('Control+Enter');
    await form.getByText('This note was changed meanwhile.').waitFor();
    await form.getByRole('button', { name: 'Overwrite with mine' }).click();
    await form.waitFor({ state: 'detached' });
    expect(await notesOf(id)).toMatchObject([{ text: 'Likes coffee' }]);

    const mate = await world.pageOf(world.sync.reps[1]!);
    await mate.page.goto(`/people?person=${id}`);
    await mate.page.getByRole('region', { name: 'Notes' }).getByText('Likes coffee').waitFor();
    expect(await mate.page.getByRole('button', { name: /the note “/ }).count()).toBe(0);
    await mate.context.close();

    await notes.getByRole('button', { name: 'Delete the note “Likes coffee”' }).click();
    await page
      .getByRole('dialog', { name: /^Delete this note/ })
      .getByRole('button', { name: 'Delete the note' })
      .click();
    await notes.getByText('Likes coffee').waitFor({ state: 'detached' });
    expect(await notesOf(id)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('adds another address, makes it the main one, removes it, and says whose it is already', async () => {
    await add('Taken', { email: 'taken@example.com' });
    const { id } = await add('Adam Address', { email: 'adam@example.com' });
    const { page, context } = await world.pageOf(rep());
    await page.goto(`/people?person=${id}`);
    const section = page.getByRole('region', { name: 'Other addresses' });
    await section.getByRole('button', { name: 'Add another address' }).click();
    // However long the lists take to be read again.
    const isMended = (request: Request) => request.method() === 'PUT' && request.url().includes('adam.private');
    const mended = page.waitForRequest(isMended);
    await page.route('**/v1/people?**', async (route) => {
      await mended;
      await route.continue();
    });
    await section.getByRole('textbox').fill('taken@example.com');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Your team has a person with this email address already.').waitFor();
    await section.getByRole('textbox').fill('adam.private@example.com');
    await page.keyboard.press('Enter');
    await mended;
    await section.getByRole('button', { name: 'Make adam.private@example.com the main address' }).click();
    await section.getByRole('button', { name: 'Remove adam@example.com' }).waitFor();
    expect(await page.getByLabel('Email address').inputValue()).toBe('adam.private@example.com');
    await section.getByRole('button', { name: 'Remove adam@example.com' }).click();
    await section.getByText('adam@example.com').waitFor({ state: 'detached' });
    expect(await read(id)).toMatchObject({ email: 'adam.private@example.com', other_addresses: [] });
    await context.close();
  });

  it('notes why one may write to them, changes it, and takes it back, with its history', async () => {
    const { id } = await add('Gina Ground');
    const { page, context } = await world.pageOf(rep());
    await page.goto(`/people?person=${id}`);
    const section = page.getByRole('region', { name: 'Authorization' });
    await section.getByRole('button', { name: 'Note the ground' }).click();
    await section.getByLabel('Date of consent').fill('2026-03-04');
    await section.getByLabel('Where it comes from').fill('Spring fair');
    await section.getByLabel('What it is for').fill('News');
    await axe(page);
    await section.getByRole('button', { name: 'Note it' }).click();
    await section.getByText('given on 4 Mar 2026, from “Spring fair”, for “News”').first().waitFor();
    const ground = { type: 'consent', source: 'Spring fair', consented_on: '2026-03-04', purpose: 'News' };
    expect((await read(id)).authorization).toMatchObject(ground);
    await section.getByRole('button', { name: 'It holds no longer' }).click();
    await page
      .getByRole('dialog', { name: 'No ground to write to Gina Ground?' })
      .getByRole('button', { name: 'It holds no longer' })
      .click();
    await section.getByText('No ground is noted').waitFor();
    await section.getByRole('list', { name: 'History of the ground' }).getByText('took it back').waitFor();
    expect((await read(id)).authorization).toBeNull();
    await context.close();
  });

  it('merges with another person, after it has shown which values win', async () => {
    const stays = await add('Mia Merged', { email: 'mia@example.com', title: 'Buyer' });
    const goes = await add('Maria Merged', { email: 'maria@example.com', title: 'Head', company: 'Harbour Ltd' });
    const { page, context } = await world.pageOf(rep());
    await page.goto(`/people?person=${stays.id}`);
    await menu(page, 'Merge with somebody');
    const dialog = page.getByRole('dialog', { name: 'Merge with Mia Merged' });
    expect(await dialog.getByRole('button', { name: 'Merge' }).isDisabled()).toBe(true);
    await dialog.getByRole('combobox').fill('Maria');
    await page.getByRole('option', { name: /^Maria Merged/ }).click();
    await dialog.getByText('Mia Merged stays, Maria Merged goes.').waitFor();
    expect(await dialog.getByRole('row', { name: /^Title/ }).textContent()).toBe('TitleBuyer Head');
    expect(await dialog.getByRole('row', { name: /^Company/ }).textContent()).toContain('from Maria Merged');
    await dialog.getByRole('button', { name: 'Merge' }).click();
    await page.getByText('Maria Merged is Mia Merged now.').waitFor();
    await page.getByRole('region', { name: 'Other addresses' }).getByText('maria@example.com').waitFor();
    const merged = { title: 'Buyer', company: 'Harbour Ltd', other_addresses: ['maria@example.com'] };
    expect(await read(stays.id)).toMatchObject(merged);
    await expect(read(goes.id)).rejects.toThrow();
    await context.close();
  });

  it('erases for good once an admin has typed the name, and keeps that they were unsubscribed', async () => {
    const { id } = await add('Erin Erased', { email: 'erin@example.com' });
    await world.sync.call('POST', `/v1/people/${id}/unsubscribe`, {}, rep());
    const reps = await world.pageOf(rep());
    await reps.page.goto(`/people?person=${id}`);
    await reps.page.getByRole('button', { name: 'More actions' }).click();
    await reps.page.getByRole('menuitem', { name: 'Delete' }).waitFor();
    expect(await reps.page.getByRole('menuitem', { name: 'Erase for good' }).count()).toBe(0);
    await reps.context.close();

    const { page, context, complaints } = await world.pageOf(admin());
    await page.goto(`/people?person=${id}`);
    await menu(page, 'Erase for good');
    const dialog = page.getByRole('dialog', { name: 'Erase Erin Erased?' });
    await dialog.getByText('That their addresses want no emails').waitFor();
    await axe(page);
    await dialog.getByRole('textbox').fill('erin');
    expect(await dialog.getByRole('button', { name: 'Erase for good' }).isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('erin erased');
    await page.keyboard.press('Enter');
    await page.getByText('The person is erased.').waitFor();
    await page.getByRole('row').filter({ hasText: 'Erin Erased' }).waitFor({ state: 'detached' });
    expect((await add('Somebody', { email: 'erin@example.com' })).unsubscribed_at).not.toBeNull();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('blocks domains and lets them go, for admins', async () => {
    const { page, context, complaints } = await world.pageOf(admin());
    await page.goto('/settings/blocked-domains');
    await page.getByText('No domain is blocked.').waitFor();
    await page.getByRole('textbox', { name: 'Block a domain' }).fill('not a domain');
    await page.keyboard.press('Enter');
    await page
      .getByRole('status')
      .getByText(/domain/)
      .waitFor();
    await page.getByRole('textbox', { name: 'Block a domain' }).fill('Rival.example.com');
    await page.keyboard.press('Enter');
    await page.getByRole('cell', { name: 'rival.example.com', exact: true }).waitFor();
    await axe(page);
    await page.getByRole('button', { name: 'Unblock rival.example.com' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unblock', exact: true }).click();
    await page.getByText('No domain is blocked.').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
