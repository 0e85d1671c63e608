import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ApiKeysService } from '../../../src/accounts/api-keys.service.js';
import type { EmailEventPage } from '../../../src/command-center/emails/email-view.dto.js';
import { Client, createWorld, newId, newTeam, type ProblemBody, type Team, type World } from '../world.js';
import { emailIn, Mailer, readySender, type Sender } from './email-world.js';

let world: World;
let team: Team;
let sender: Sender & { userId: string };
let mail: Mailer;
let personId: string;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());

beforeEach(async () => {
  world.clock.set('2026-03-04T10:00:00Z');
  team = await newTeam(world, { timeZone: 'Europe/Berlin' });
  const [rep] = team.reps;
  sender = { ...(await readySender(world, team, rep!)), userId: rep!.userId };
  mail = new Mailer(team.repClients[0]!);
  personId = (await mail.client.newPerson({ name: 'Grace Harper', email: 'grace@example.com' })).id;
});

const person = (fields: object) => mail.client.newPerson(fields);
const events = async (id: string): Promise<string[]> =>
  (await mail.client.get<EmailEventPage>(`/v1/emails/${id}/events`)).data.map(({ event }) => event).reverse();

describe('a draft', () => {
  test('exists with a recipient and a subject, as it was written', async () => {
    const body = '<p onclick="x()">Hello {{ first_name }}</p>';
    const email = await mail.write(personId, { body, cc: ['Boss@Example.com'], bcc: [] });
    expect(email).toMatchObject({
      ...{ state: 'draft', folder: 'drafts', kind: 'single', subject: 'A question', body, html: null, attempts: [] },
      ...{ to_name: 'Grace Harper', to_address: 'grace@example.com', cc: ['boss@example.com'], bcc: [] },
      ...{ person: { id: personId }, identity_id: sender.identityId, send_at: null, reason: null, version: 1 },
      quick_actions: ['edit', 'delete'],
    });
    expect(await mail.counts()).toEqual({ drafts: 1 });
  });

  test.each([
    [{ person_id: null }, 'person_id'],
    [{ person_id: newId() }, 'person_id'],
    [{ subject: '  ' }, 'subject'],
    [{ cc: ['nobody'] }, 'cc'],
    [{ cc: ['a@example.com\r\nBcc: b@example.com'] }, 'cc'],
    [{ identity_id: newId() }, 'identity_id'],
    [{ template_id: newId() }, 'template_id'],
    [{ reply_to_id: newId() }, 'reply_to_id'],
    [{ schedule: { at: '2026-03-03T10:00:00Z' } }, 'schedule.at'],
  ])('%j is refused, and nothing is written', async (fields, field) => {
    const input = { person_id: personId, subject: 'Hi', body: 'x', ...fields };
    const { status, body } = await mail.client.refusal('post', '/v1/emails', input);
    expect({ status, fields: body.errors.map((error) => error.field) }).toEqual({ status: 400, fields: [field] });
    expect(await mail.counts()).toEqual({});
  });

  test('saves itself again and again, and leaves nothing behind', async () => {
    let email = await mail.write(personId);
    for (const subject of ['A', 'AB', 'ABC']) email = (await mail.edit(email, { subject })).body;
    expect(email).toMatchObject({ subject: 'ABC', state: 'draft', body: '<p>Hello {{first_name}}</p>', version: 4 });
    const contents = await world.database.dataSource.query('SELECT 1 FROM email_contents WHERE team_id = $1', [
      team.teamId,
    ]);
    expect(contents).toHaveLength(1);
    expect(await events(email.id)).toEqual(['created', 'edited', 'edited', 'edited']);
  });

  test('is not overwritten by who read it before another’s edit', async () => {
    const email = await mail.write(personId);
    await mail.edit(email, { subject: 'Mine' });
    expect(await mail.edit(email, { subject: 'Late' })).toMatchObject({ status: 412 });
    expect((await mail.client.send('patch', `/v1/emails/${email.id}`, { subject: 'x' })).status).toBe(428);
    expect((await mail.get(email.id)).subject).toBe('Mine');
  });

  test('goes to somebody else when its person is changed', async () => {
    const other = await person({ name: 'Alan', email: 'alan@example.com' });
    const email = (await mail.edit(await mail.write(personId), { person_id: other.id })).body;
    expect(email).toMatchObject({ to_name: 'Alan', to_address: 'alan@example.com', person: { id: other.id } });
  });

  test('takes what is not written from its template', async () => {
    const template = { name: 'T', subject: 'From template', body: 'Dear {{first_name}}', commercial: false };
    const made = await mail.client.send<{ id: string }>('post', '/v1/templates', template);
    const email = await mail.write(personId, { subject: undefined, body: undefined, template_id: made.body.id });
    expect(email).toMatchObject({ subject: 'From template', body: 'Dear {{first_name}}', template_id: made.body.id });
    expect((await mail.write(personId, { template_id: made.body.id })).subject).toBe('A question');
  });
});

describe('scheduling', () => {
  test('a draft becomes scheduled, gets another time, and comes back', async () => {
    const email = await mail.write(personId);
    const nine = { date: '2026-03-05', time: '09:00' };
    expect((await mail.act(email.id, 'schedule', nine)).body).toMatchObject({
      ...{ state: 'scheduled', folder: 'scheduled', send_at: '2026-03-05T08:00:00.000Z', time_zone: 'Europe/Berlin' },
      channel_id: sender.channelId,
    });
    const later = await mail.act(email.id, 'schedule', { ...nine, time_zone: 'America/New_York' });
    expect(later.body).toMatchObject({ send_at: '2026-03-05T14:00:00.000Z', time_zone: 'America/New_York' });
    expect(await mail.counts()).toEqual({ scheduled: 1 });
    expect((await mail.act(email.id, 'unschedule')).body).toMatchObject({ state: 'draft', send_at: null });
    expect(await mail.counts()).toEqual({ drafts: 1 });
    expect(await events(email.id)).toEqual(['created', 'schedule', 'schedule', 'unschedule']);
  });

  test('goes by the clock where the person is', async () => {
    const there = await person({ name: 'Yuki', email: 'yuki@example.com', time_zone: 'Asia/Tokyo' });
    const schedule = { date: '2026-03-05', time: '09:00', recipient_time_zone: true };
    expect(await mail.write(there.id, { schedule })).toMatchObject({
      ...{ send_at: '2026-03-05T00:00:00.000Z', time_zone: 'Asia/Tokyo' },
    });
  });

  test('a scheduled email is edited, with its time kept or changed, until it leaves', async () => {
    const email = await mail.write(personId, { schedule: { at: '2026-03-05T08:00:00Z' } });
    const edited = (await mail.edit(email, { subject: 'Better' })).body;
    expect(edited).toMatchObject({ subject: 'Better', state: 'scheduled', send_at: '2026-03-05T08:00:00.000Z' });
    const moved = (await mail.edit(edited, { schedule: { at: '2026-03-06T08:00:00Z' } })).body;
    expect(moved).toMatchObject({ state: 'scheduled', send_at: '2026-03-06T08:00:00.000Z' });
    const leaving = await emailIn(world, team, sender, 'in_progress', { personId });
    const { version } = await mail.get(leaving);
    const refused = await mail.edit<ProblemBody>({ id: leaving, version }, { subject: 'Too late' });
    expect(refused).toMatchObject({ status: 409, body: { detail: 'This email is being sent at this moment.' } });
    expect((await mail.act<ProblemBody>(leaving, 'unschedule')).status).toBe(409);
    expect((await mail.act<ProblemBody>(leaving, 'schedule')).status).toBe(409);
  });

  test('needs a sender that is ready, and says what is missing', async () => {
    const other = new Mailer(team.repClients[1]!);
    const draft = await other.write((await other.client.newPerson({ name: 'Ann', email: 'ann@example.com' })).id);
    const schedule = () => other.act<ProblemBody>(draft.id, 'schedule');
    expect(await schedule()).toMatchObject({ status: 409, body: { code: 'sender_not_ready' } });
    const { identityId } = await readySender(world, team, team.reps[1]!);
    const identity = (sql: string) =>
      world.database.dataSource.query(`UPDATE identities SET ${sql} WHERE id = $1`, [identityId]);
    await identity('verified_at = NULL');
    expect((await schedule()).body.detail).toContain('is not confirmed yet');
    await identity('verified_at = now()');
    await world.database.dataSource.query(`UPDATE delivery_channels SET deleted_at = now() WHERE owner_id = $1`, [
      team.reps[1]!.userId,
    ]);
    expect((await schedule()).body.detail).toContain('no delivery channel');
    expect(await other.counts()).toEqual({ drafts: 1 });
  });

  test('a text with a mistake, or none, is refused with its place', async () => {
    const bad = await mail.write(personId, { body: 'Hello {{ first_name' });
    expect(await mail.act<ProblemBody>(bad.id, 'schedule')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'body' }] },
    });
    const empty = await mail.write(personId, { body: ' ' });
    expect((await mail.act<ProblemBody>(empty.id, 'schedule')).body.errors).toEqual([
      { field: 'body', message: 'is empty' },
    ]);
  });

  test.each([
    ['no_address', { email: null }, {}],
    ['blocked_domain', { email: 'x@mail.blocked.example' }, {}],
    ['missing_field', { phone: null }, { body: 'Your number: {{ phone }}' }],
  ])('files under Failed with the reason %s', async (code, fields, text) => {
    await team.adminClient.send('put', '/v1/blocked-domains/blocked.example');
    const { id } = await person({ name: 'Nobody', email: 'nobody@example.com', ...fields });
    const email = await mail.write(id, { ...text, schedule: {} });
    expect(email).toMatchObject({
      state: 'failed',
      folder: 'failed',
      reason: { code },
      quick_actions: ['retry', 'delete'],
    });
    expect(await events(email.id)).toEqual(['created', 'schedule', 'fail']);
    expect(await mail.counts()).toEqual({ failed: 1 });
  });

  test('who unsubscribed gets what is not commercial, and nothing else', async () => {
    await mail.client.send('post', `/v1/people/${personId}/unsubscribe`, { reason: 'asked' });
    expect(await mail.write(personId, { schedule: {} })).toMatchObject({ reason: { code: 'unsubscribed' } });
    const template = { name: 'Invoice', subject: 'Invoice', body: 'Yours', commercial: false };
    const { body } = await mail.client.send<{ id: string }>('post', '/v1/templates', template);
    expect(await mail.write(personId, { template_id: body.id, schedule: {} })).toMatchObject({ state: 'scheduled' });
  });
});

describe('a follow-up', () => {
  test('is in the thread, to the same person, with what was sent quoted', async () => {
    const origin = await emailIn(world, team, sender, 'delivered', { personId });
    const [attempt] = await world.database.dataSource.query(
      `INSERT INTO email_attempts (team_id, id, email_id, channel_id, message_id, subject, html, at)
       SELECT team_id, attempt_id, id, channel_id, 'x@y', subject, '<p>Hello {{ you }}</p>', now() FROM emails WHERE id = $1
       RETURNING id`,
      [origin],
    );
    expect(attempt).toBeDefined();
    const { status, body } = await mail.client.send('post', '/v1/emails', { reply_to_id: origin });
    expect(status).toBe(201);
    expect(body).toMatchObject({ reply_to_id: origin, subject: 'Re: A question', person: { id: personId } });
    const written = (body as { body: string }).body;
    expect(written).toContain('<p>Hello &#123;{ you }}</p></blockquote>');
    // The signature is under what is new, not under what is quoted.
    expect(written).toMatch(/^<p><\/p>\n\{\{signature\}\}\n<blockquote/);
    const other = await person({ name: 'Alan', email: 'alan@example.com' });
    const astray = await mail.client.refusal('post', '/v1/emails', { reply_to_id: origin, person_id: other.id });
    expect(astray.body.errors).toMatchObject([{ field: 'person_id' }]);
  });
});

describe('the lists', () => {
  test('hold each folder in any order, page after page', async () => {
    const names = ['Bea', 'Carl', 'Ada'];
    for (const [n, toName] of names.entries()) {
      world.clock.advance(1_000);
      const at = new Date(world.clock.now().getTime() + (3 - n) * 3_600_000);
      await emailIn(world, team, sender, 'scheduled', { toName, subject: `S${n}`, sendAt: at, dueAt: at });
    }
    const order = async (sort: string) =>
      (await mail.client.all<{ to_name: string }>(`/v1/emails?folder=scheduled&sort=${sort}`, 1)).map(
        (email) => email.to_name,
      );
    for (const sort of ['newest', '-created', '-subject']) expect(await order(sort)).toEqual(['Ada', 'Carl', 'Bea']);
    for (const sort of ['oldest', 'created', 'subject']) expect(await order(sort)).toEqual(['Bea', 'Carl', 'Ada']);
    expect(await order('send_at')).toEqual(['Ada', 'Carl', 'Bea']);
    expect(await order('-send_at')).toEqual(['Bea', 'Carl', 'Ada']);
    expect(await order('person')).toEqual(['Ada', 'Bea', 'Carl']);
    expect(await order('-person')).toEqual(['Carl', 'Bea', 'Ada']);
    expect((await mail.folder('scheduled', 'q=carl')).map((email) => email.to_name)).toEqual(['Carl']);
    expect(await mail.folder('scheduled', 'q=100%25')).toEqual([]);
  });

  test('are one’s own; an admin looks as another, which is written down once an hour', async () => {
    const email = await mail.write(personId);
    const mate = new Mailer(team.repClients[1]!);
    expect((await mate.client.refusal('get', `/v1/emails/${email.id}`)).status).toBe(404);
    expect((await mate.client.refusal('get', `/v1/emails/counts?user_id=${sender.userId}`)).status).toBe(403);
    expect((await mate.edit({ id: email.id, version: 1 }, { subject: 'x' })).status).toBe(404);
    const admin = new Mailer(team.adminClient);
    expect(await admin.counts()).toEqual({});
    expect(await admin.counts(`user_id=${sender.userId}`)).toEqual({ drafts: 1 });
    expect(await admin.folder('drafts', `user_id=${sender.userId}`)).toMatchObject([{ id: email.id }]);
    expect((await admin.edit({ id: email.id, version: 1 }, { subject: 'x' })).status).toBe(404);
    const seen = async () =>
      (await admin.client.get<{ data: { action: string }[] }>('/v1/audit')).data.filter(
        ({ action }) => action === 'emails.viewed',
      ).length;
    expect(await seen()).toBe(1);
    world.clock.advance(3_600_001);
    await admin.get(email.id);
    expect(await seen()).toBe(2);
  });
});

test('keys of a team, which are nobody, write no emails', async () => {
  const keys = world.app.app.get(ApiKeysService);
  const scopes = ['emails:read' as const, 'emails:write' as const];
  const { text } = await keys.create(team.teamId, { name: 'k', userId: null, scopes }, 'operator');
  const client = new Client(world.app, text);
  expect((await client.refusal('post', '/v1/emails', { person_id: personId, subject: 'x' })).status).toBe(403);
});
