import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type EmailDetail } from '../../src/command-center/emails/email-view.dto.js';
import { emailIn, readySender, type Sender } from '../command-center/emails/email-world.js';
import type { World } from '../command-center/world.js';
import { until } from '../support/until.js';
import { describeInBrowser } from './browser.js';
import { LiveWorld } from './live-world.js';

interface Person {
  id: string;
  name: string;
}

describeInBrowser('the emails on the page', () => {
  let world: LiveWorld;
  let sender: Sender & { userId: string };
  let [grace, noah, liam]: Person[] = [];
  const rep = () => world.sync.reps[0]!;
  const asWorld = (): World => {
    const { database, clock, test } = world.sync;
    return { database, clock, app: test, end: () => Promise.resolve() };
  };
  const call = <T>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) =>
    world.sync.call<T>(method, path, body, rep());
  const inFolder = async (folder: string) =>
    (await call<{ data: EmailDetail[] }>('GET', `/v1/emails?folder=${folder}&limit=200`)).data;
  const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
  const person = (name: string, email: string | null) => call<Person>('POST', '/v1/people', { name, email });
  const draft = (subject: string, fields: object = {}) =>
    call<EmailDetail>('POST', '/v1/emails', { person_id: grace!.id, subject, body: 'Hello {{first_name}}', ...fields });
  const nextYear = { date: `${new Date().getUTCFullYear() + 1}-03-04`, time: '09:30' };

  beforeAll(async () => {
    world = await LiveWorld.create({ reps: 1 });
    const { team } = world.sync;
    sender = { ...(await readySender(asWorld(), team, rep())), userId: rep().userId };
    grace = await person('Grace Harper', 'grace@harbour.example');
    noah = await person('Noah Becker', 'noah@alpenbank.example');
    liam = await person('Liam Nowhere', null);
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    for (const folder of ['drafts', 'scheduled', 'failed', 'archived']) {
      const ids = (await inFolder(folder)).map(({ id }) => id);
      if (ids.length > 0) await call('POST', '/v1/emails/bulk', { ids, action: 'delete' });
    }
  });

  it('takes files, as they are or as a link, and shows them where the email is', async () => {
    const { page, context, complaints } = await world.pageOf(rep());
    const { id } = await draft('With files');
    await page.goto(`/emails/compose?id=${id}`);
    const files = page.getByRole('region', { name: 'Files' });
    await files.getByLabel('Files to attach').setInputFiles([
      { name: 'Price list.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(300_000, 1) },
      { name: 'setup.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('x') },
      { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    ]);
    await files.getByText('Price list.pdf 293 kB').waitFor();
    await files.getByText(/a kind that mail servers refuse/).waitFor();
    await files.getByText('The file is empty.').waitFor();
    await files.getByRole('button', { name: 'Dismiss setup.exe' }).click();
    await files.getByRole('button', { name: 'Dismiss empty.txt' }).click();
    await until(async () => (await call<EmailDetail>('GET', `/v1/emails/${id}`)).attachments.length === 1);
    await files.getByRole('switch', { name: 'Send Price list.pdf as a link' }).click();
    await page.frameLocator('iframe').getByText('Price list.pdf').waitFor();
    await until(async () => (await call<EmailDetail>('GET', `/v1/emails/${id}`)).attachments[0]?.tracked === true);
    expect((await new AxeBuilder({ page }).setLegacyMode(true).analyze()).violations).toEqual([]);

    await page.goto(`/emails?folder=drafts&email=${id}`);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Price list.pdf' }).click();
    expect((await download).suggestedFilename()).toBe('Price list.pdf');
    await page.goto(`/emails/compose?id=${id}`);
    await files.getByRole('button', { name: 'Remove Price list.pdf' }).click();
    await until(async () => (await call<EmailDetail>('GET', `/v1/emails/${id}`)).attachments.length === 0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('sends nothing while a file is on its way; one that is stopped keeps the next from nothing', async () => {
    const { page, context } = await world.pageOf(rep());
    const { id } = await draft('With a slow file');
    await page.goto(`/emails/compose?id=${id}`);
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route(/\/v1\/files\?name=slow/, async (route) => {
      await released;
      await route.abort().catch(() => undefined);
    });
    const files = page.getByRole('region', { name: 'Files' });
    const buffer = Buffer.from('words');
    await files.getByLabel('Files to attach').setInputFiles([
      { name: 'slow.pdf', mimeType: 'application/pdf', buffer },
      { name: 'next.pdf', mimeType: 'application/pdf', buffer },
    ]);
    await files.getByText('slow.pdf').waitFor();
    await files.getByText('next.pdf').waitFor();
    for (const name of ['Send now', 'Schedule']) {
      expect(await page.getByRole('button', { name, exact: true }).isDisabled()).toBe(true);
    }
    await files.getByRole('button', { name: 'Stop slow.pdf' }).click();
    await files.getByText('next.pdf 1 kB').waitFor();
    await page.getByRole('button', { name: 'Send now' }).and(page.locator(':enabled')).waitFor();
    await until(async () => (await call<EmailDetail>('GET', `/v1/emails/${id}`)).attachments.length === 1);
    release();
    await context.close();
  });

  it('keeps what is written as a draft, schedules it, changes it, and cancels it', async () => {
    const { page, context, complaints } = await world.pageOf(rep());
    await page.goto('/emails');
    await page.getByRole('heading', { name: 'Nothing was sent yet' }).waitFor();
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: 'Subject' }).fill('About the fleet');
    await page.getByText('Kept in this browser').waitFor();
    await page.reload();
    expect(await page.getByRole('textbox', { name: 'Subject' }).inputValue()).toBe('About the fleet');
    await page.getByRole('combobox', { name: 'To' }).fill('Grace');
    await page.getByRole('option', { name: /Grace Harper/ }).click();
    await page.getByText('Saved as a draft').waitFor();
    await page.getByRole('textbox', { name: 'Text' }).fill('Hello ');
    await page.getByRole('button', { name: 'Insert a field' }).click();
    await page.getByRole('menuitem', { name: 'First name' }).click();
    await page.frameLocator('iframe').getByText('Hello Grace').waitFor();
    await until(async () => (await inFolder('drafts')).length === 1);
    expect(new URL(page.url()).searchParams.get('id')).toBe((await inFolder('drafts'))[0]?.id);

    await page.getByRole('button', { name: 'Schedule', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Schedule' });
    await dialog.getByLabel('Day').fill('2020-01-01');
    await dialog.getByText('That is in the past.').waitFor();
    await dialog.getByRole('button', { name: 'Schedule' }).click();
    await dialog.getByText('is in the past').first().waitFor();
    await dialog.getByLabel('Day').fill(nextYear.date);
    await dialog.getByLabel('Time').fill(nextYear.time);
    await dialog.getByText(/^Leaves .* 09:30 in /).waitFor();
    await dialog.getByRole('button', { name: 'Schedule' }).click();
    await rowOf(page, 'About the fleet').waitFor();
    await page.getByRole('tab', { name: 'Scheduled 1', selected: true }).waitFor();

    await page.keyboard.press('e');
    await page.getByRole('textbox', { name: 'Subject' }).fill('About your fleet');
    await page.getByText('Not saved yet').waitFor();
    const people = page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'People' });
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });
    await people.click();
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByRole('textbox', { name: 'Subject' }).inputValue()).toBe('About your fleet');
    await people.click();
    await question.getByRole('button', { name: 'Leave' }).click();
    await page.waitForURL(/\/people/);
    await page.goto('/emails?folder=scheduled');
    await rowOf(page, 'About the fleet').click();
    await page.keyboard.press('e');
    await page.getByRole('textbox', { name: 'Subject' }).fill('About your fleet');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await until(async () => (await inFolder('scheduled'))[0]?.subject === 'About your fleet');
    await page.getByRole('button', { name: 'Cancel the email' }).click();
    await page.getByRole('button', { name: 'Delete it' }).click();
    await page.getByRole('heading', { name: 'Nothing is scheduled' }).waitFor();
    expect(await inFolder('scheduled')).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('takes in what was changed elsewhere, and asks where both changed the same', async () => {
    const { id } = await draft('Two tabs');
    const { page, context } = await world.pageOf(rep());
    await page.goto(`/emails/compose?id=${id}`);
    await page.getByRole('textbox', { name: 'Text' }).waitFor();
    const elsewhere = (subject: string) =>
      world.sync.call('PATCH', `/v1/emails/${id}`, { subject }, rep(), { 'If-Match': '*' });
    await elsewhere('From elsewhere');
    await page.getByRole('textbox', { name: 'Text' }).fill('Mine');
    await page.getByText('Saved as a draft').waitFor();
    await until(async () => (await call<EmailDetail>('GET', `/v1/emails/${id}`)).body === 'Mine');
    expect(await page.getByRole('textbox', { name: 'Subject' }).inputValue()).toBe('From elsewhere');

    await elsewhere('Theirs again');
    await page.getByRole('textbox', { name: 'Subject' }).fill('Mine, too');
    await page.getByRole('alert').getByText('What you typed is not saved yet.').waitFor();
    await page.getByRole('button', { name: 'Overwrite with mine' }).click();
    await until(async () => (await call<EmailDetail>('GET', `/v1/emails/${id}`)).subject === 'Mine, too');
    await context.close();
  });

  it('sends to several, each their own text, and shows before who cannot be sent to', async () => {
    const { page, context, complaints } = await world.pageOf(rep());
    await page.goto(`/emails/compose?people=${grace!.id},${liam!.id}`);
    await page.getByRole('combobox', { name: 'Add people' }).fill('Noah');
    await page.getByRole('option', { name: /Noah Becker/ }).click();
    await page.getByText('3 of at most 200').waitFor();
    await page.getByRole('textbox', { name: 'Subject' }).fill('Before the fair, {{first_name}}');
    await page.getByRole('textbox', { name: 'Text' }).fill('Will you be there?');
    await page.getByText('2 people of 3 can be sent to. Not to these:').waitFor();
    const list = page.getByRole('list', { name: 'Who gets it' });
    await list.getByText('This person has no email address').waitFor();
    await list.getByRole('button', { name: /^Noah Becker/ }).click();
    await page.getByRole('textbox', { name: 'Text' }).fill('At your stand again?');
    await page.frameLocator('iframe').getByText('At your stand again?').waitFor();
    await list.getByRole('button', { name: /^Everybody/ }).click();
    await page.getByText('1 person has a text of their own').waitFor();

    await page.getByRole('button', { name: 'Schedule', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Schedule' });
    await dialog.getByText('2 people of 3 can be sent to').waitFor();
    await dialog.getByLabel('Day').fill(nextYear.date);
    await dialog.getByRole('button', { name: 'Schedule' }).click();
    await page.getByText('2 emails on the way; 1 email filed under Failed').waitFor();
    const sent = await Promise.all(
      (await inFolder('scheduled')).map(({ id }) => call<EmailDetail>('GET', `/v1/emails/${id}`)),
    );
    expect(sent.map(({ to_name: name, body }) => [name, body]).sort()).toEqual([
      ['Grace Harper', 'Will you be there?'],
      ['Noah Becker', 'At your stand again?'],
    ]);
    await page.getByRole('tab', { name: /^Undelivered/ }).click();
    await rowOf(page, 'Liam Nowhere').getByText('This person has no email address').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('writes to a group, and changes all of it at once', async () => {
    const group = await call<{ id: string }>('POST', '/v1/groups', { name: 'Trade fair' });
    await call('POST', `/v1/groups/${group.id}/members`, { person_ids: [grace!.id, noah!.id] });
    const { page, context } = await world.pageOf(rep());
    await page.goto('/emails/compose?mode=group');
    await page.getByRole('combobox', { name: 'Group' }).click();
    await page.getByRole('option', { name: 'Trade fair · 2 people' }).click();
    await page.getByRole('textbox', { name: 'Subject' }).fill('News');
    await page.getByRole('textbox', { name: 'Text' }).fill('Hello {{first_name}}');
    await page.getByText('All 2 people can be sent to.').waitFor();
    await page.frameLocator('iframe').getByText('Hello Grace').waitFor();
    await page.getByRole('button', { name: 'Schedule', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Schedule' }).click();
    await page.getByText('2 emails on the way.').waitFor();
    await page.getByRole('switch', { name: 'Roll up group emails' }).click();
    await rowOf(page, 'Group email · 2').waitFor();
    await page.keyboard.press('e');
    await page.getByRole('textbox', { name: 'Subject' }).fill('Better news');
    await page.getByRole('button', { name: 'Change all 2' }).click();
    await page.getByText('2 emails changed.').waitFor();
    expect((await inFolder('scheduled')).map(({ subject }) => subject)).toEqual(['Better news', 'Better news']);
    await world.sync.database.dataSource.query('UPDATE email_batches SET content_id = NULL');
    await page.reload();
    await rowOf(page, 'Group email · 2').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('e');
    await page.getByRole('alert').getByText('An earlier version of Command Center did not keep').waitFor();
    await page.getByRole('textbox', { name: 'Text' }).fill('Hello again');
    await page.getByRole('button', { name: 'Change all 2' }).click();
    await page.getByText('2 emails changed.').waitFor();
    const batches = await world.sync.database.dataSource.query(
      `SELECT b.subject, c.body FROM email_batches b JOIN email_contents c ON c.team_id = b.team_id AND c.id = b.content_id`,
    );
    expect(batches).toEqual([{ subject: 'Better news', body: 'Hello again' }]);
    await context.close();
  });

  it('deletes many once it is confirmed, and marks each that the server refuses', async () => {
    for (const subject of ['One', 'Two', 'Three']) await draft(subject, { schedule: nextYear });
    const { page, context } = await world.pageOf(rep());
    await page.goto('/emails?folder=scheduled');
    await rowOf(page, 'Three').waitFor();
    const [first] = await inFolder('scheduled');
    await page.keyboard.press('Control+a');
    await page.getByRole('toolbar', { name: 'Selected emails' }).getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete 3 emails?' });
    await dialog.getByText('What is scheduled is not sent then.').waitFor();
    await page.route('**/v1/emails/bulk', async (route) => {
      const { ids, action } = route.request().postDataJSON() as { ids: string[]; action: string };
      const others = ids.filter((id) => id !== first?.id);
      const answer = await route.fetch({ postData: { ids: others, action } });
      const { results } = (await answer.json()) as { results: object[] };
      const error = { code: 'conflict', detail: 'This email is being sent at this moment.' };
      await route.fulfill({ json: { results: [...results, { id: first?.id, ok: false, error }] } });
    });
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('status').getByText('2 done, 1 refused and left as they were').waitFor();
    await rowOf(page, first?.subject ?? '')
      .getByText('This email is being sent at this moment.')
      .waitFor();
    await page.getByRole('tab', { name: 'Scheduled 1' }).waitFor();
    await context.close();
  });

  it('shows the columns that one wants, in the order that one wants, and remembers both for the folder', async () => {
    for (const subject of ['Banana', 'apple', 'Cherry']) await draft(subject);
    const { page, context, complaints } = await world.pageOf(rep());
    await page.goto('/emails?folder=drafts');
    await rowOf(page, 'Cherry').waitFor();
    const heads = () => page.getByRole('columnheader').allTextContents();
    const subjects = () => page.locator('.email-row .subject-line .name').allTextContents();
    expect(await heads()).toEqual(['', 'Person', 'Subject', 'Updated', 'Actions']);

    const bySubject = page.getByRole('columnheader', { name: 'Subject' });
    await bySubject.getByRole('button').click();
    await until(async () => (await subjects()).join() === 'apple,Banana,Cherry');
    expect(await bySubject.getAttribute('aria-sort')).toBe('ascending');
    await bySubject.getByRole('button').press('Enter');
    await until(async () => (await subjects()).join() === 'Cherry,Banana,apple');
    expect(await bySubject.getAttribute('aria-sort')).toBe('descending');

    await page.getByRole('button', { name: 'Columns' }).click();
    const menu = page.getByRole('dialog', { name: 'Columns' });
    // A box that flickered back for a moment would swallow the next click.
    const address = menu.getByRole('checkbox', { name: 'Address' });
    const nextTask = (box: { checked: boolean; click(): void }) =>
      new Promise<boolean>((done) => {
        setTimeout(() => done(box.checked));
        box.click();
      });
    expect(await address.evaluate(nextTask)).toBe(true);
    await menu.getByRole('checkbox', { name: 'Updated' }).uncheck();
    await until(async () => (await heads()).join() === ',Person,Subject,Address,Actions');
    await address.press('Alt+ArrowUp');
    await until(async () => (await heads()).join() === ',Person,Address,Subject,Actions');
    await menu
      .getByRole('listitem')
      .filter({ hasText: 'Subject' })
      .dragTo(menu.getByRole('listitem').filter({ hasText: 'Person' }));
    await until(async () => (await heads()).join() === ',Subject,Person,Address,Actions');
    await menu.getByRole('combobox', { name: 'Rows per page' }).click();
    await page.getByRole('option', { name: '25', exact: true }).click();
    const keptSet = async () =>
      (await call<{ data: { folder: string }[] }>('GET', '/v1/emails/column-sets')).data.find(
        ({ folder }) => folder === 'drafts',
      );
    const expected = { columns: ['subject', 'person', 'address', 'actions'], sort: '-subject', rows_per_page: 25 };
    await until(async () => JSON.stringify({ ...(await keptSet()), ...expected }) === JSON.stringify(await keptSet()));
    expect((await new AxeBuilder({ page }).include('.columns-menu').analyze()).violations).toEqual([]);

    // Another visit, without an order in the address.
    await page.goto('/emails?folder=drafts');
    await until(async () => (await heads()).join() === ',Subject,Person,Address,Actions');
    expect(await subjects()).toEqual(['Cherry', 'Banana', 'apple']);
    await page.getByRole('button', { name: 'Columns' }).click();
    await menu.getByRole('button', { name: 'Reset to default' }).click();
    await until(async () => (await heads()).join() === ',Person,Subject,Updated,Actions');
    expect(await keptSet()).toMatchObject({ saved: false, sort: 'newest' });
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('shows an email beside the list, archives it, and asks before what may arrive twice', async () => {
    const fields = { personId: grace!.id, toName: 'Grace Harper', toAddress: 'grace@harbour.example' };
    await emailIn(asWorld(), world.sync.team, sender, 'delivered', { ...fields, subject: 'It arrived' });
    await emailIn(asWorld(), world.sync.team, sender, 'uncertain', {
      ...{ ...fields, subject: 'Perhaps', reason: 'uncertain' },
    });
    const { page, context, complaints } = await world.pageOf(rep());
    await page.goto('/emails');
    await rowOf(page, 'It arrived').click();
    const drawer = page.getByRole('dialog', { name: 'Email: It arrived' });
    await drawer.getByText('Grace Harper <grace@harbour.example>').waitFor();
    await drawer.getByRole('region', { name: 'What happened' }).getByText('wrote it').waitFor();
    expect(await drawer.locator('iframe').getAttribute('sandbox')).toBe('');
    await drawer.getByRole('button', { name: 'Follow up' }).click();
    await page.getByRole('menuitem', { name: 'Call' }).click();
    const task = page.getByRole('dialog', { name: 'Add task' });
    await task.getByRole('button', { name: 'Add task' }).click();
    await drawer.getByRole('link', { name: /^Call / }).waitFor();
    // Beside an open email there is no room for it.
    await page.locator('.mark', { hasText: 'Call ·' }).waitFor({ state: 'attached' });
    await drawer.getByRole('button', { name: 'Follow up' }).click();
    await page.getByRole('menuitem', { name: 'Write in this thread' }).click();
    await page.waitForURL(/\/emails\/compose\?id=/);
    expect(await page.getByRole('textbox', { name: 'Subject' }).inputValue()).toBe('Re: It arrived');
    await page.getByRole('button', { name: 'Add Cc or Bcc' }).click();
    await page.getByRole('combobox', { name: 'Cc', exact: true }).fill('Boss@Harbour.example');
    await page.keyboard.press('Enter');
    await until(async () => (await inFolder('drafts'))[0]?.cc[0] === 'boss@harbour.example');
    await page.goBack();
    await drawer.getByRole('button', { name: 'Archive' }).click();
    await page.getByText('“It arrived” archived').waitFor();
    await drawer.waitFor({ state: 'detached' });

    // The arrow keys walk over the tabs; only Enter opens one.
    await page.getByRole('tab', { name: /^Sent/ }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(new URL(page.url()).search).not.toContain('folder=');
    await page.keyboard.press('Enter');
    await rowOf(page, 'Perhaps').getByText('Delivery uncertain').waitFor();
    await page.getByRole('grid', { name: 'Emails' }).focus();
    await page.keyboard.press('r');
    await page.getByRole('dialog', { name: 'It may arrive twice' }).getByRole('button', { name: 'Cancel' }).click();
    expect((await inFolder('failed')).map(({ state }) => state)).toEqual(['uncertain']);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('says what is missing to send, and an admin sees the emails of others, to look at only', async () => {
    await draft('Of a rep', { schedule: nextYear });
    const { page, context } = await world.pageOf(world.sync.team.admin);
    await page.goto(`/emails/compose?person=${grace!.id}`);
    await page.getByRole('textbox', { name: 'Subject' }).fill('Without an address');
    await page.getByRole('textbox', { name: 'Text' }).fill('Hello');
    await page.getByRole('button', { name: 'Send now' }).click();
    await page.getByRole('alert').getByRole('link', { name: 'Open Settings → Email' }).waitFor();

    await page.goto('/emails?folder=scheduled');
    await page.getByRole('combobox', { name: 'Whose emails' }).click();
    await page.getByRole('option', { name: 'Rep 1' }).click();
    await rowOf(page, 'Of a rep').waitFor();
    expect(await rowOf(page, 'Of a rep').getByRole('button').count()).toBe(0);
    await context.close();
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ])('has nothing that axe finds, in %s, %i wide', async (scheme, width) => {
    const waiting = await draft('To look at', { schedule: nextYear });
    const { page, context, complaints } = await world.pageOf(rep(), { dark: scheme === 'dark', width });
    const pages = [`/emails?folder=scheduled&email=${waiting.id}`, `/emails/compose?people=${grace!.id},${liam!.id}`];
    // Colours and widths are in these; the others are of the same parts.
    const others = ['/emails', `/emails/compose?id=${waiting.id}`, '/emails/compose?mode=group'];
    for (const path of scheme === 'light' && width > 700 ? [...pages, ...others] : pages) {
      await page.goto(path);
      await page.locator('h1').first().waitFor();
      await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
      if (path.includes('email=')) await page.locator('iframe').waitFor();
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      const found = violations.map(({ id, nodes }) => `${path}: ${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
      expect(found).toEqual([]);
      // Nothing makes the page wider than the screen.
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});
