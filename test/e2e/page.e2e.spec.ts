import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { hashPassword } from '../../src/accounts/sessions/password-hash.js';
import { type MailWorld, startMailWorld } from '../../src/sandbox/mail-world/server.js';
import { makeUser } from '../support/app.js';
import { createEmptyDatabase } from '../support/database.js';
import { until } from '../support/until.js';
import { describeInBrowser, openPage } from './browser.js';
import { LiveWorld } from './live-world.js';

const PASSWORD = 'a calm blue horse';

describeInBrowser('the page', () => {
  let world: LiveWorld;
  let mail: MailWorld;
  let mailDatabase: Awaited<ReturnType<typeof createEmptyDatabase>>;
  const rep = () => world.sync.reps[0]!;
  const today = () => new Date().toISOString().slice(0, 10);
  const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

  beforeAll(async () => {
    world = await LiveWorld.create({ reps: 3 });
    mailDatabase = await createEmptyDatabase();
    mail = await startMailWorld({ databaseUrl: mailDatabase.url });
    // The third is turned on by the admin, on the page.
    await world.sync.setSync(world.sync.reps.slice(0, 2), true);
    await until(async () => (await enrolments()).every(({ state }) => state === 'synced'), 30_000);
  });
  afterAll(async () => {
    await world.close();
    await mail.close();
    await mailDatabase.drop();
  });

  const enrolments = () => world.sync.call<{ state: string }[]>('GET', '/v1/salesforce/task-sync/users');
  const add = (name: string, values: object = {}) =>
    world.sync.createHere({ name, due_date: today(), ...values }, rep());

  it('lets one sign in with a password, says what is wrong, and goes back to where one wanted to', async () => {
    const { dataSource } = world.sync.database;
    const [user] = await dataSource.query('SELECT email FROM users WHERE id = $1', [rep().userId]);
    await dataSource.query('INSERT INTO user_passwords (team_id, user_id, hash, set_at) VALUES ($1, $2, $3, now())', [
      world.sync.team.teamId,
      rep().userId,
      await hashPassword(PASSWORD),
    ]);
    const { page, context, complaints } = await openPage(world.browser, { baseURL: world.url });
    await page.goto('/settings/sessions');
    await page.waitForURL(/\/sign-in/);
    await page.getByLabel('Email address').fill(user.email);
    await page.getByRole('textbox', { name: 'Password' }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('The email address or the password is wrong').waitFor();
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/settings\/sessions/);
    await page.getByText('(this one)').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('shows a task completed here as completed in Salesforce, and the other way round, as it happens', async () => {
    const [mine, theirs] = [await add('Send the offer'), await add('Ask for the budget')];
    const { page, context } = await world.pageOf(rep());
    await rowOf(page, 'Send the offer').getByRole('button', { name: 'Complete Send the offer' }).click();
    await page.getByText('“Send the offer” completed.').waitFor();
    await until(async () => {
      const { salesforce } = await world.sync.here(mine.id);
      return salesforce?.id != null && (await world.sync.there(salesforce.id)).IsClosed;
    }, 20_000);
    const org = await openPage(world.browser, { baseURL: world.sync.org.url });
    const { salesforce } = await world.sync.here(mine.id);
    const found = await org.page.request.get(
      `/sandbox/as/${world.sync.integrationUserId}/sobjects/Task/${salesforce?.id}`,
    );
    expect(await found.json()).toMatchObject({ Subject: 'Send the offer', Status: 'Completed' });
    await org.context.close();

    await until(async () => (await world.sync.here(theirs.id)).salesforce?.id != null, 20_000);
    await rowOf(page, 'Ask for the budget').waitFor();
    const record = (await world.sync.here(theirs.id)).salesforce?.id ?? '';
    await world.sync.editThere(record, { Status: 'Completed' }, world.sync.reps[0]);
    await rowOf(page, 'Ask for the budget').waitFor({ state: 'detached', timeout: 20_000 });
    await context.close();
  });

  it('turns the sync on for a rep: what it will do, its progress, and what it has brought', async () => {
    const third = world.sync.reps[2]!;
    for (let n = 1; n <= 30; n += 1) await world.sync.createThere({ Subject: `Theirs ${n}` }, third);
    const { page, context } = await world.pageOf(world.sync.team.admin);
    await page.goto('/salesforce/reps');
    await page.getByRole('checkbox', { name: 'Select Rep 3' }).click();
    await page.getByRole('button', { name: 'Turn sync on' }).click();
    const dialog = page.getByRole('dialog', { name: 'Turn task sync on' });
    await dialog.getByText('30 tasks of 1 person are imported').waitFor();
    await world.sync.fault({ method: 'GET', path: 'query' }, { latencyMs: 1_500 }, { times: null });
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await rowOf(page, 'Rep 3')
      .getByText(/of 30 tasks/)
      .waitFor();
    await rowOf(page, 'Rep 3').getByText('In step').waitFor({ timeout: 30_000 });
    await world.sync.control('DELETE', 'faults');
    const counts = await world.sync.call<{ all: number }>('GET', '/v1/tasks/counts', undefined, third);
    expect(counts.all).toBe(30);
    await context.close();
  });

  it('takes back, visibly, what the server refuses', async () => {
    const task = await add('Refused by the server');
    const { page, context } = await world.pageOf(rep());
    await rowOf(page, task.name).waitFor();
    const refusal = {
      id: task.id,
      ok: false,
      error: { code: 'task_away', detail: 'It belongs to somebody else now.' },
    };
    await page.route('**/v1/tasks/bulk', (route) => route.fulfill({ json: { results: [refusal] } }));
    await page.route('**/complete', (route) =>
      route.fulfill({ status: 409, json: { title: 'No', detail: refusal.error.detail, code: 'task_away' } }),
    );
    await rowOf(page, task.name)
      .getByRole('button', { name: `Complete ${task.name}` })
      .click();
    await page.getByRole('status').getByText('It belongs to somebody else now.').waitFor();
    await rowOf(page, task.name).waitFor();
    await context.close();
  });

  it('can be worked by keyboard alone: add, complete, undo', async () => {
    const { page, context } = await world.pageOf(rep());
    await page.getByRole('grid', { name: 'Tasks' }).waitFor();
    await page.keyboard.press('n');
    await page.getByRole('dialog', { name: 'Add task' }).waitFor();
    await page.keyboard.type('Typed by keyboard');
    await page.keyboard.press('Enter');
    await rowOf(page, 'Typed by keyboard').waitFor();
    await page.getByRole('dialog', { name: 'Add task' }).waitFor({ state: 'hidden' });
    for (let step = 0; step < 20; step += 1) {
      if (await page.locator('.row-active', { hasText: 'Typed by keyboard' }).count()) break;
      await page.keyboard.press('j');
    }
    await page.keyboard.press('e');
    await page.getByText('“Typed by keyboard” completed.').waitFor();
    await rowOf(page, 'Typed by keyboard').waitFor({ state: 'detached' });
    await page.keyboard.press('z');
    await rowOf(page, 'Typed by keyboard').waitFor();
    await page.keyboard.press('Shift+?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await context.close();
  });

  it('restores the value that lost a conflict', async () => {
    const task = await add('A conflict');
    await until(async () => (await world.sync.here(task.id)).salesforce?.id != null, 20_000);
    const record = (await world.sync.here(task.id)).salesforce?.id ?? '';
    await world.sync.call('POST', '/v1/salesforce/connection/pause');
    await world.sync.editHere(task.id, { details: 'as we say' }, rep());
    await world.sync.editThere(record, { Description: 'as they say' }, world.sync.reps[0]);
    await world.sync.call('POST', '/v1/salesforce/connection/resume');
    const { page, context } = await world.pageOf(world.sync.team.admin);
    await page.goto('/salesforce/conflicts');
    await page.getByRole('cell', { name: 'as we say', exact: true }).waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: /^Restore the losing/ }).click();
    await page.getByText('Restored', { exact: true }).waitFor();
    await context.close();
  });

  it('tries a problem again once its cause is gone', async () => {
    const rows = {
      containing: 'weekday rule',
      statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      message: 'Not on a Friday.',
    };
    await world.sync.fault({}, { rows }, { times: null });
    const task = await add('weekday rule');
    const { page, context } = await world.pageOf(world.sync.team.admin);
    await page.goto('/salesforce/problems');
    await page.getByText('A validation rule in Salesforce refuses the record.').waitFor({ timeout: 20_000 });
    await page.getByText('Not on a Friday.').first().waitFor();
    await world.sync.control('DELETE', 'faults');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Nothing is stuck').waitFor({ timeout: 20_000 });
    expect((await world.sync.here(task.id)).salesforce?.id).toMatch(/^00T/);
    await context.close();
  });

  it('lets the admin say by hand who somebody is in Salesforce', async () => {
    await makeUser(world.sync.test, world.sync.team.teamId, { name: 'Una Unmatched' });
    const { page, context } = await world.pageOf(world.sync.team.admin);
    await page.goto('/salesforce/reps');
    await page.getByRole('button', { name: 'Choose the Salesforce user of Una Unmatched' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Salesforce user' }).click();
    await page.getByRole('option').first().click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/Una Unmatched is \S+@/).waitFor();
    await dialog.waitFor({ state: 'detached' });
    await context.close();
  });

  it('hands over what a leaving colleague holds, shows how far it is, and the log says so', async () => {
    const leaver = await makeUser(world.sync.test, world.sync.team.teamId, { name: 'Lee Leaver' });
    await world.sync.createHere({ name: 'Left behind', due_date: today() }, leaver);
    const { page, context } = await world.pageOf(world.sync.team.admin);
    await page.goto('/settings/users');
    await page.getByRole('button', { name: 'Deactivate Lee Leaver' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('1 open task').waitFor();
    await dialog.getByRole('combobox', { name: 'Who takes over?' }).click();
    await page.getByRole('option', { name: 'Rep 1' }).click();
    await dialog.getByRole('button', { name: 'Deactivate' }).click();
    await dialog.getByText('Handed over to Rep 1').waitFor();
    await dialog.getByText('1 open task.').waitFor();
    await page.getByRole('button', { name: 'Close' }).last().click();
    await page.getByText('(inactive)').waitFor();
    await page.goto('/settings/audit');
    await rowOf(page, 'Handed over what they held').getByText('Lee Leaver').waitFor();
    await context.close();
    const reps = await world.pageOf(rep());
    await rowOf(reps.page, 'Left behind').waitFor();
    await reps.context.close();
  });

  it('sets up a mail server, tests it, and confirms a sender address with the code from the mailbox', async () => {
    const { page, context, complaints } = await world.pageOf(world.sync.team.admin);
    await page.goto('/settings/email');
    await page.getByRole('button', { name: 'Add a mail server' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Ours');
    await page.getByRole('textbox', { name: 'Server' }).fill('smtp.example.com');
    await page.getByText('None', { exact: true }).click();
    await page.getByRole('checkbox', { name: 'For the whole team' }).click();
    await page.getByRole('textbox', { name: 'Port' }).fill(new URL(mail.smtpUrl).port);
    await page.getByRole('button', { name: 'Add', exact: true }).first().click();
    await page.getByText('must be a mail server on this machine').waitFor();
    await page.getByRole('textbox', { name: 'Server' }).fill('127.0.0.1');
    await page.getByRole('button', { name: 'Add', exact: true }).first().click();
    await page.getByRole('button', { name: 'Test Ours' }).click();
    await page.getByRole('alert').getByText('Ours works').waitFor();
    await page.getByRole('button', { name: 'Change Ours' }).click();
    await page.getByText('Limits', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Emails in 24 hours' }).fill('2000');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The channel is changed.').waitFor();
    await page.getByRole('button', { name: 'Pause Ours' }).click();
    await rowOf(page, 'Paused: what is due waits.').getByRole('button', { name: 'Resume Ours' }).click();
    await page.getByRole('button', { name: 'Pause Ours' }).waitFor();

    await page.getByRole('textbox', { name: 'Email address' }).fill('rep@acme.example');
    await page.getByRole('textbox', { name: 'Name that recipients see' }).fill('Rep of Acme');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Mail a code to rep@acme.example' }).click();
    await page.getByText('A code is on its way to rep@acme.example.').waitFor();
    const inbox = await fetch(`${mail.url}/mailbox/messages?to=rep@acme.example`);
    const { messages } = (await inbox.json()) as { messages: { subject: string }[] };
    await page.getByRole('textbox', { name: 'Code for rep@acme.example' }).fill(messages[0]?.subject.slice(0, 6) ?? '');
    await page.getByRole('button', { name: 'Confirm rep@acme.example' }).click();
    await page.getByText('You can write as rep@acme.example now.').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.each(['light', 'dark'])('has nothing that axe finds, and breaks no policy, in %s', async (scheme) => {
    const { page, context, complaints } = await world.pageOf(world.sync.team.admin, { dark: scheme === 'dark' });
    const pages = ['/tasks?assignee=any', '/salesforce', '/salesforce/reps', '/settings/users', '/sign-in'];
    const forms = [
      '/salesforce/mapping',
      '/salesforce/usage',
      '/settings',
      '/settings/keys',
      '/settings/audit',
      '/settings/email',
    ];
    // Dark has colours of its own, which the first pages show.
    for (const path of scheme === 'dark' ? pages : [...pages, ...forms, '/sign-in/forgot']) {
      await page.goto(path);
      await page.locator('h1').first().waitFor();
      await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      const found = violations.map(({ id, nodes }) => `${path}: ${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
      expect(found).toEqual([]);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});
