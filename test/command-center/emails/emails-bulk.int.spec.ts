import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type {
  BatchCheck,
  EmailPreview,
  UpdatedEmailBatch,
} from '../../../src/command-center/emails/email-batches.dto.js';
import type { BulkEmailResults } from '../../../src/command-center/emails/email-bulk.dto.js';
import { EMAIL_STATES, type EmailState } from '../../../src/command-center/emails/email-state.js';
import { createWorld, newId, newTeam, type ProblemBody, type Team, type World } from '../world.js';
import { upload } from '../files/files-world.js';
import { emailIn, Mailer, readySender, type Sender } from './email-world.js';

const bytes = Buffer.from('words');
let world: World;
let team: Team;
let sender: Sender & { userId: string };
let mail: Mailer;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());

beforeEach(async () => {
  world.clock.set('2026-03-04T10:00:00Z');
  team = await newTeam(world);
  const [rep] = team.reps;
  sender = { ...(await readySender(world, team, rep!)), userId: rep!.userId };
  mail = new Mailer(team.repClients[0]!);
});

/** As many people, made past the API. */
async function people(count: number, sql = ''): Promise<string[]> {
  const rows: { id: string }[] = await world.database.dataSource.query(
    `INSERT INTO people (team_id, id, name, email, owner_id, shared, created_at, updated_at)
     SELECT $1, gen_random_uuid(), 'Person ' || n, 'p' || n || '@example.com', $2, false, now(), now()
     FROM generate_series(1, $3) n RETURNING id`,
    [team.teamId, sender.userId, count],
  );
  if (sql) await world.database.dataSource.query(sql, [rows.map(({ id }) => id)]);
  return rows.map(({ id }) => id);
}

async function group(ids: readonly string[]): Promise<string> {
  const { body } = await mail.client.send<{ id: string }>('post', '/v1/groups', { name: 'Prospects' });
  await world.database.dataSource.query(
    `INSERT INTO group_members (team_id, group_id, person_id, added_at) SELECT $1, $2, unnest($3::uuid[]), now()`,
    [team.teamId, body.id, ids],
  );
  return body.id;
}

describe('Select and Send', () => {
  test('makes an email of its own for each; who cannot be sent to is filed under Failed, the others are scheduled', async () => {
    const ids = await people(5);
    await mail.client.send('post', `/v1/people/${ids[1]}/unsubscribe`, {});
    await world.database.dataSource.query('UPDATE people SET email = NULL WHERE id = $1', [ids[2]]);
    const schedule = { at: '2026-03-05T09:00:00Z' };
    const batch = await mail.batch({ kind: 'select', person_ids: ids, schedule });
    expect(batch).toMatchObject({ kind: 'select', emails: 5, folders: { scheduled: 3, failed: 2, drafts: 0 } });
    expect(await mail.counts()).toEqual({ scheduled: 3, failed: 2 });
    const failed = await mail.folder('failed', `batch_id=${batch.id}`);
    expect(failed.map(({ person, reason }) => [person?.id, reason?.code]).sort()).toEqual(
      [
        [ids[1], 'unsubscribed'],
        [ids[2], 'no_address'],
      ].sort(),
    );
    expect(await mail.folder('scheduled')).toMatchObject(
      Array.from({ length: 3 }, () => ({ kind: 'select', batch_id: batch.id, send_at: '2026-03-05T09:00:00.000Z' })),
    );
  });

  test('gives some what was written for them, until a bulk edit overwrites it', async () => {
    const ids = await people(3);
    const edits = [{ person_id: ids[1], subject: 'Only for you', body: '<p>Dear friend</p>' }];
    const batch = await mail.batch({
      kind: 'select',
      person_ids: ids,
      edits,
      schedule: { at: '2026-03-05T09:00:00Z' },
    });
    const subjects = async () => (await mail.folder('scheduled')).map(({ subject }) => subject).sort();
    expect(await subjects()).toEqual(['News for {{first_name}}', 'News for {{first_name}}', 'Only for you']);
    const [one] = await mail.folder('scheduled', 'q=only');
    expect((await mail.edit(one!, { subject: 'Just you' })).status).toBe(200);
    const path = `/v1/email-batches/${batch.id}`;
    const { body } = await mail.client.send<UpdatedEmailBatch>(
      'patch',
      path,
      {
        subject: 'For all',
        schedule: { at: '2026-03-06T09:00:00Z' },
      },
      { 'If-Match': `"v${batch.version}"` },
    );
    expect(body).toMatchObject({ changed: 3, subject: 'For all', version: 2 });
    expect(await subjects()).toEqual(['For all', 'For all', 'For all']);
    expect(await mail.folder('scheduled')).toMatchObject(Array(3).fill({ send_at: '2026-03-06T09:00:00.000Z' }));
    // One content for all, and nothing left of what was overwritten.
    const contents = await world.database.dataSource.query('SELECT 1 FROM email_contents WHERE team_id = $1', [
      team.teamId,
    ]);
    expect(contents).toHaveLength(1);
  });

  test('a bulk edit never takes what one of them has instead, in whichever order they are', async () => {
    const ids = await people(3);
    const files = await Promise.all(
      ['all.txt', 'private.txt'].map((name) => upload(world, team.reps[0]!, name, bytes)),
    );
    const [all, own] = files.map(({ id }) => [{ file_id: id }]);
    const batch = await mail.batch({
      kind: 'select',
      person_ids: ids,
      ...{ subject: 'News', body: '<p>For all</p>', attachments: all },
      edits: [{ person_id: ids[1], body: '<p>A secret price</p>' }],
      schedule: { at: '2026-03-05T09:00:00Z' },
    });
    const said = async () =>
      (await Promise.all((await mail.folder('scheduled')).map(({ id }) => mail.get(id)))).map((email) => [
        ...[email.subject, email.body, email.attachments.map(({ name }) => name).join()],
      ]);
    for (const { id } of await mail.folder('scheduled', `person_id=${ids[0]}`)) {
      await mail.edit(await mail.get(id), { subject: 'You alone', body: '<p>Between us</p>', attachments: own });
    }
    expect((await said()).sort()).toEqual([
      ['News', '<p>A secret price</p>', 'all.txt'],
      ['News', '<p>For all</p>', 'all.txt'],
      ['You alone', '<p>Between us</p>', 'private.txt'],
    ]);
    const path = `/v1/email-batches/${batch.id}`;
    const common = { subject: 'News', body: '<p>For all</p>', attachments: [{ name: 'all.txt' }] };
    expect(await mail.client.get(path)).toMatchObject(common);
    const later = { schedule: { at: '2026-03-06T09:00:00Z' } };
    expect((await mail.client.send('patch', path, later, { 'If-Match': '*' })).status).toBe(200);
    expect(await said()).toContainEqual(['You alone', '<p>Between us</p>', 'private.txt']);
    const { body } = await mail.client.send('patch', path, { subject: 'Newer' }, { 'If-Match': '*' });
    expect(body).toMatchObject({ ...common, subject: 'Newer', changed: 3 });
    expect(await said()).toEqual(Array(3).fill(['Newer', '<p>For all</p>', 'all.txt']));
  });

  test('a bulk edit reaches those that have not left', async () => {
    const ids = await people(2);
    const batch = await mail.batch({ kind: 'select', person_ids: ids });
    await world.database.dataSource.query(
      `UPDATE emails SET state = 'in_progress', folder = 'in_progress', attempt_id = id WHERE person_id = $1`,
      [ids[0]],
    );
    const path = `/v1/email-batches/${batch.id}`;
    expect((await mail.client.send('patch', path, { subject: 'New' }, { 'If-Match': '*' })).body).toMatchObject({
      changed: 1,
    });
    for (const { id } of await mail.folder('scheduled')) await mail.client.send('delete', `/v1/emails/${id}`);
    expect(await mail.client.send('patch', path, { subject: 'Newer' }, { 'If-Match': '*' })).toMatchObject({
      status: 409,
    });
  });

  test('two bulk edits of one version do not overwrite each other', async () => {
    const { id, version } = await mail.batch({ kind: 'select', person_ids: await people(2) });
    const path = `/v1/email-batches/${id}`;
    const read = await mail.client.send('get', path);
    expect(read).toMatchObject({ etag: `"v${version}"`, body: { version: 1 } });
    const edit = (subject: string, headers: Record<string, string> = { 'If-Match': `"v${version}"` }) =>
      mail.client.send<ProblemBody>('patch', path, { subject }, headers);
    expect(await edit('Unsaid', {})).toMatchObject({ status: 428 });
    const both = await Promise.all([edit('One'), edit('Other')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    const kept = both[0]?.status === 200 ? 'One' : 'Other';
    expect(both.find(({ status }) => status === 412)?.body.code).toBe('version_mismatch');
    expect(await mail.client.get(path)).toMatchObject({ subject: kept, version: 2 });
    expect((await mail.folder('scheduled')).map(({ subject }) => subject)).toEqual([kept, kept]);
    expect((await edit('Later', { 'If-Match': '"v2"' })).status).toBe(200);
  });

  test.each([
    ['too many', () => ({ person_ids: Array.from({ length: 201 }, () => newId()) }), 'person_ids'],
    ['nobody', () => ({ person_ids: [] }), 'person_ids'],
    ['a stranger', () => ({ person_ids: [newId()] }), 'person_ids.0'],
    ['no people', () => ({}), 'person_ids'],
    ['a group, too', () => ({ person_ids: [newId()], group_id: newId() }), 'group_id'],
    ['no subject', () => ({ person_ids: [newId()], subject: ' ' }), 'subject'],
  ])('refuses %s as a whole', async (_, fields, field) => {
    const input = { kind: 'select', subject: 'x', body: 'y', ...fields() };
    const { status, body } = await mail.client.refusal('post', '/v1/email-batches', input);
    expect({ status, fields: body.errors.map((error) => error.field) }).toEqual({ status: 400, fields: [field] });
    expect(await mail.counts()).toEqual({});
  });

  test('an edit for somebody who is not among them is refused, and so is a mistake in a text', async () => {
    const ids = await people(1);
    const refusal = (fields: object) =>
      mail.client.refusal('post', '/v1/email-batches', {
        kind: 'select',
        person_ids: ids,
        subject: 'x',
        body: 'y',
        ...fields,
      });
    const stray = await refusal({ edits: [{ person_id: newId(), subject: 'z' }] });
    expect(stray.body.errors).toMatchObject([{ field: 'edits.0.person_id' }]);
    const mistake = await refusal({ edits: [{ person_id: ids[0], body: '{{ nonsense }}' }] });
    expect(mistake.body.errors).toMatchObject([{ field: 'body' }]);
    expect(await mail.counts()).toEqual({});
  });
});

describe('Group Email', () => {
  test('goes to a thousand, is edited in bulk only, and rolls up into one row', async () => {
    const ids = await people(1000);
    const groupId = await group(ids);
    const batch = await mail.batch({ kind: 'group', group_id: groupId, schedule: { at: '2026-03-05T09:00:00Z' } });
    expect(batch).toMatchObject({ emails: 1000, folders: { scheduled: 1000 } });
    expect(await mail.counts()).toEqual({ scheduled: 1000 });
    const single = await mail.write(ids[0]!, { schedule: { at: '2026-03-05T09:00:00Z' } });
    const rows = await mail.folder('scheduled', 'roll_up=true');
    expect(rows.map(({ kind, rolled_up }) => [kind, rolled_up])).toEqual([
      ['single', undefined],
      ['group', 1000],
    ]);
    expect((await mail.folder('scheduled')).length).toBe(200);
    const [one] = await mail.folder('scheduled', `batch_id=${batch.id}`);
    expect((await mail.edit(one!, { subject: 'x' })).status).toBe(409);
    expect((await mail.act(one!.id, 'unschedule')).status).toBe(409);
    expect((await mail.act(single.id, 'unschedule')).status).toBe(200);
  });

  test('is found in a rolled-up list by each of its people', async () => {
    const ids = await people(3);
    await mail.batch({ kind: 'group', group_id: await group(ids), schedule: { at: '2026-03-05T09:00:00Z' } });
    for (const [n, id] of ids.entries()) {
      for (const filter of [`q=p${n + 1}@`, `person_id=${id}`]) {
        const rows = await mail.folder('scheduled', `${filter}&roll_up=true`);
        expect(rows.map(({ to_address, rolled_up }) => [to_address, rolled_up])).toEqual([
          [`p${n + 1}@example.com`, 3],
        ]);
      }
    }
  });

  test('refuses a group that is too large, empty, or not to be seen', async () => {
    const refusal = async (groupId: string) => {
      const input = { kind: 'group', group_id: groupId, subject: 'x', body: 'y' };
      return (await mail.client.refusal('post', '/v1/email-batches', input)).body.errors;
    };
    expect(await refusal(await group(await people(1001)))).toEqual([
      { field: 'group_id', message: 'has more than 1,000 people' },
    ]);
    expect(await refusal(newId())).toEqual([{ field: 'group_id', message: 'is no group that you see' }]);
    const { body } = await mail.client.send<{ id: string }>('post', '/v1/groups', { name: 'Empty' });
    expect(await refusal(body.id)).toEqual([{ field: 'group_id', message: 'is a group of nobody whom you see' }]);
  });
});

describe('before it is sent', () => {
  test('shows who would not get it, and why, and writes nothing', async () => {
    const ids = await people(4);
    await mail.client.send('post', `/v1/people/${ids[3]}/unsubscribe`, {});
    const input = { kind: 'select', person_ids: ids, subject: 'x', body: 'Call {{ phone | default: "us" }}' };
    const { body } = await mail.client.send<BatchCheck>('post', '/v1/email-batches/check', input);
    expect(body).toMatchObject({
      ...{ people: 4, sendable: 3 },
      unsendable: [{ person_id: ids[3], name: 'Person 4', reason: { code: 'unsubscribed' } }],
    });
    const missing = await mail.client.send<BatchCheck>('post', '/v1/email-batches/check', {
      ...input,
      body: '{{ phone }}',
    });
    expect(missing.body).toMatchObject({ sendable: 0, unsendable: { length: 4 } });
    expect(missing.body.unsendable[0]).toMatchObject({ reason: { code: 'missing_field', detail: 'phone' } });
    expect(await mail.counts()).toEqual({});
  });

  test('previews for each person, with signature and unsubscribe link, safe to show', async () => {
    const [id] = await people(1);
    const preview = async (fields: object) =>
      (await mail.client.send<EmailPreview>('post', '/v1/email-batches/preview', { person_id: id, ...fields })).body;
    const { email } = await preview({
      subject: 'Hi {{first_name}}',
      body: '<p onclick="x()">Dear {{first_name}}</p><script>1</script>',
    });
    expect(email).toMatchObject({ subject: 'Hi Person' });
    expect(email!.html).toMatch(/^<p>Dear Person<\/p>\s*<p>Regards, Rep One<\/p>[\s\S]*Unsubscribe<\/a>/);
    expect(await preview({ subject: 'x', body: '{{ phone }}' })).toMatchObject({
      email: null,
      reason: { code: 'missing_field' },
    });
  });
});

describe('actions on many', () => {
  const ALLOWED: Record<string, readonly EmailState[]> = {
    archive: ['delivered'],
    unarchive: ['archived'],
    delete: ['draft', 'scheduled', 'archived', 'failed', 'uncertain', 'bounced', 'spam'],
    retry: ['failed', 'bounced', 'spam'],
    success: ['delivered', 'archived'],
    no_success: ['delivered', 'archived'],
  };

  test.each(Object.keys(ALLOWED))('%s answers for each email in its place', async (action) => {
    const [personId] = await people(1);
    const mate = { ...(await readySender(world, team, team.reps[1]!)), userId: team.reps[1]!.userId };
    const ids = [newId(), await emailIn(world, team, mate, 'failed')];
    for (const state of EMAIL_STATES) ids.push(await emailIn(world, team, sender, state, { personId: personId! }));
    const { body } = await mail.client.send<BulkEmailResults>('post', '/v1/emails/bulk', { ids, action });
    expect(body.results.map(({ id }) => id)).toEqual(ids);
    expect(body.results.slice(0, 2).map(({ error }) => error?.code)).toEqual(['not_found', 'not_found']);
    const done = EMAIL_STATES.filter((_, index) => body.results[index + 2]?.ok);
    expect(done).toEqual(EMAIL_STATES.filter((state) => ALLOWED[action]?.includes(state)));
  });

  test('a retry looks again at why it failed', async () => {
    const [id] = await people(1);
    const email = await mail.write(id!, { body: 'Call {{ phone }}', schedule: {} });
    expect(email).toMatchObject({ reason: { code: 'missing_field' } });
    expect((await mail.act(email.id, 'retry')).body).toMatchObject({
      state: 'failed',
      reason: { code: 'missing_field' },
    });
    await world.database.dataSource.query(`UPDATE people SET phone = '+1 555' WHERE id = $1`, [id]);
    world.clock.advance(60_000);
    expect((await mail.act(email.id, 'retry')).body).toMatchObject({
      state: 'scheduled',
      reason: null,
      send_at: '2026-03-04T10:01:00.000Z',
    });
  });

  test('an uncertain email is sent again only by who says that it may arrive twice', async () => {
    const [personId] = await people(1);
    const id = await emailIn(world, team, sender, 'uncertain', { personId: personId!, reason: 'uncertain' });
    expect(await mail.get(id)).toMatchObject({ folder: 'failed', reason: { code: 'uncertain' } });
    const refused = await mail.act<ProblemBody>(id, 'retry');
    expect(refused).toMatchObject({ status: 409 });
    expect(refused.body.detail).toContain('may arrive twice');
    expect((await mail.act(id, 'retry', { even_if_uncertain: true })).body).toMatchObject({ state: 'scheduled' });
  });

  test('one by one: archived and back, marked and unmarked, deleted for good', async () => {
    const id = await emailIn(world, team, sender, 'delivered');
    expect((await mail.act(id, 'success')).body).toMatchObject({ success: true, folder: 'delivered' });
    expect((await mail.act(id, 'archive')).body).toMatchObject({ folder: 'archived', success: true });
    expect((await mail.client.send('delete', `/v1/emails/${id}/success`)).body).toMatchObject({ success: false });
    expect((await mail.act(id, 'unarchive')).body).toMatchObject({ folder: 'delivered' });
    expect((await mail.client.send('delete', `/v1/emails/${id}`)).status).toBe(409);
    await mail.act(id, 'archive');
    expect((await mail.client.send('delete', `/v1/emails/${id}`)).status).toBe(204);
    expect((await mail.client.refusal('get', `/v1/emails/${id}`)).status).toBe(404);
    expect((await mail.client.send('delete', `/v1/emails/${id}`)).status).toBe(404);
    expect(await mail.counts()).toEqual({});
  });
});
