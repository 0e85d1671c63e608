import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EMAIL_SORTS, type EmailSort } from '../../../src/command-center/emails/email-sorts.js';
import { EmailQueries } from '../../../src/command-center/emails/email-queries.repository.js';
import type { EmailPage } from '../../../src/command-center/emails/email-lists.dto.js';
import type { EmailFolder } from '../../../src/command-center/emails/email-state.js';
import type { EmailView } from '../../../src/command-center/emails/email-view.dto.js';
import { createWorld, newId, newTeam, type Team, type World } from '../world.js';
import { emailIn, Mailer, readySender, type Sender } from './email-world.js';

let world: World;
let team: Team;
let sender: Sender & { userId: string };
let mail: Mailer;

beforeAll(async () => {
  world = await createWorld();
  team = await newTeam(world);
  const [rep, other] = team.reps;
  sender = { ...(await readySender(world, team, rep!)), userId: rep!.userId };
  mail = new Mailer(team.repClients[0]!);
  const second = await readySender(world, team, other!);
  await fill(second);
  // Another user's emails are in none of the orders.
  await emailIn(world, team, { ...second, userId: other!.userId }, 'delivered');
});
afterAll(() => world.end());

/** Sixty emails with few values each, so that every order has ties, and some without a value. */
async function fill(second: Sender): Promise<void> {
  const templates: string[] = [];
  for (const name of ['Alpha', 'beta', 'Gamma']) {
    const made = { name, subject: 'x', body: 'x' };
    templates.push((await mail.client.send<{ id: string }>('post', '/v1/templates', made)).body.id);
  }
  await world.database.dataSource.query(`UPDATE delivery_channels SET name = 'Zulu' WHERE id = $1`, [second.channelId]);
  await world.database.dataSource.query(`UPDATE identities SET name = 'Äda' WHERE id = $1`, [second.identityId]);
  for (let n = 0; n < 60; n++) {
    if (n % 4 === 0) world.clock.advance(1_000);
    const at = new Date(world.clock.now().getTime() + (n % 2) * 60_000);
    await emailIn(world, team, n % 3 === 0 ? { ...second, userId: sender.userId } : sender, 'delivered', {
      toName: ['grace', 'Grace', 'Ödön', '', 'alan'][n % 5]!,
      toAddress: n % 4 === 0 ? null : `p${n % 7}@example.com`,
      subject: ['zebra', 'Apple', 'mango 😀', 'mango'][n % 4]!,
      templateId: n % 6 === 0 ? null : templates[n % 3]!,
      sendAt: n % 7 === 0 ? null : at,
      sentAt: n % 8 === 0 ? null : at,
    });
  }
  // As whatever happened later would have left it: microseconds, and ties.
  await world.database.dataSource.query(`UPDATE emails SET state_at = state_at + (r.n % 2) * interval '1 microsecond',
       updated_at = updated_at + (r.n % 3) * interval '1 minute'
     FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM emails) r WHERE r.id = emails.id`);
}

/** What a plain sort compares, as whole text or microseconds; nothing is least. */
async function valuesOf(sort: EmailSort): Promise<Map<string, string | bigint>> {
  const field = sort.replace(/^-/, '');
  const time = (column: string) => `coalesce((extract(epoch FROM ${column}) * 1000000)::bigint, 0)::text`;
  const columns: Record<string, string> = {
    ...{ newest: time('e.state_at'), oldest: time('e.state_at'), sent: time('e.sent_at') },
    ...{ send_at: time('coalesce(e.send_at, e.state_at)'), created: time('e.created_at') },
    ...{ updated: time('e.updated_at'), subject: 'e.subject', person: 'e.to_name', address: 'e.to_address' },
    ...{ sender: `i.name || ' ' || i.email`, template: 't.name', channel: 'c.name' },
  };
  const rows = await world.database.dataSource.query<{ id: string; value: string | null }[]>(
    `SELECT e.id, ${columns[field]} AS value FROM emails e
     LEFT JOIN identities i ON i.id = e.identity_id LEFT JOIN templates t ON t.id = e.template_id
     LEFT JOIN delivery_channels c ON c.id = e.channel_id WHERE e.user_id = $1`,
    [sender.userId],
  );
  const isTime = ['newest', 'oldest', 'sent', 'send_at', 'created', 'updated'].includes(field);
  return new Map(rows.map(({ id, value }) => [id, isTime ? BigInt(value!) : (value ?? '').toLowerCase()]));
}

async function plainlySorted(sort: EmailSort): Promise<string[]> {
  const values = [...(await valuesOf(sort))];
  const compare = (a: string | bigint, b: string | bigint) =>
    typeof a === 'bigint' ? Number(a - (b as bigint)) : Buffer.compare(Buffer.from(a), Buffer.from(b as string));
  values.sort(([id, a], [otherId, b]) => compare(a, b) || (id < otherId ? -1 : 1));
  const ids = values.map(([id]) => id);
  return sort === 'newest' || sort.startsWith('-') ? ids.reverse() : ids;
}

const idsOf = (emails: readonly { id: string }[]) => emails.map(({ id }) => id);

describe('each order of a list', () => {
  test.each(EMAIL_SORTS)('%s is that of a plain sort, page by page through ties', async (sort) => {
    const expected = await plainlySorted(sort);
    expect(expected).toHaveLength(60);
    expect(new Set((await valuesOf(sort)).values()).size).toBeLessThan(60);
    for (const size of [7, 200]) {
      expect(idsOf(await mail.client.all<EmailView>(`/v1/emails?sort=${sort}`, size))).toEqual(expected);
    }
  });

  test.each(EMAIL_SORTS)('%s holds with a filter and for an admin who looks as that user', async (sort) => {
    const expected = await plainlySorted(sort);
    const apples = new Set(idsOf(await mail.folder('delivered', 'q=apple')));
    expect(apples.size).toBe(15);
    const seen = await team.adminClient.all<EmailView>(`/v1/emails?sort=${sort}&q=apple&user_id=${sender.userId}`, 4);
    expect(idsOf(seen)).toEqual(expected.filter((id) => apples.has(id)));
  });

  test('goes on behind a subject as long as can be', async () => {
    const other = await newTeam(world);
    const [rep] = other.reps;
    const from = { ...(await readySender(world, other, rep!)), userId: rep!.userId };
    for (let n = 0; n < 2; n++) await emailIn(world, other, from, 'delivered', { subject: '漢'.repeat(500) });
    const rows = await other.repClients[0]!.all<EmailView>('/v1/emails?sort=subject', 1);
    expect(rows).toHaveLength(2);
  });

  test('refuses the cursor of another', async () => {
    const { next } = await mail.client.get<EmailPage>('/v1/emails?sort=subject&limit=2');
    for (const sort of ['-subject', 'created', 'newest']) {
      const answer = await mail.client.refusal('get', `/v1/emails?sort=${sort}&after=${next}`);
      expect(answer).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'after', message: 'is a cursor of another order' }] },
      });
      expect(answer.body.detail).toContain(`sorted by subject, not by ${sort}`);
    }
  });
});

describe('a list that rolls group emails up', () => {
  test.each(EMAIL_SORTS)('is put in order by %s, each group email by its last one', async (sort) => {
    const [batchId, userId] = [newId(), sender.userId];
    await world.database.dataSource.query(
      `WITH words AS (INSERT INTO email_contents (team_id, id, subject, body) VALUES ($1, $2, 'News', 'x') RETURNING id)
       INSERT INTO email_batches (team_id, id, user_id, kind, subject, content_id, emails, created_at)
       SELECT $1, $2, $3, 'group', 'News', id, 6, now() FROM words`,
      [team.teamId, batchId, userId],
    );
    const ids: string[] = [];
    for (const toName of ['b', 'c', 'a']) {
      world.clock.advance(1_000);
      ids.push(await emailIn(world, team, sender, 'archived', { kind: 'group', batchId, toName }));
    }
    const single = await emailIn(world, team, sender, 'archived', { toName: 'aa' });
    const rows = await mail.client.all<EmailView>(`/v1/emails?folder=archived&sort=${sort}&roll_up=true`, 1);
    const mine = rows.filter(({ id }) => [...ids, single].includes(id));
    expect(mine.map(({ id, rolled_up }) => [id, rolled_up]).sort()).toEqual(
      [
        [ids[2], 3],
        [single, undefined],
      ].sort(),
    );
    const all = await mail.client.all<EmailView>(`/v1/emails?folder=archived&sort=${sort}`, 50);
    const kept = new Set(idsOf(rows));
    expect(idsOf(rows)).toEqual(idsOf(all).filter((id) => kept.has(id)));
  });
});

describe('what a list shows beside the emails', () => {
  test('is named as it is now, without asking for each', async () => {
    const client = mail.client;
    const fields = { name: 'Grace Harper', email: 'grace@example.com', title: 'Buyer', company: 'Contoso' };
    const person = await client.newPerson(fields);
    for (const [by, name] of [
      [client, 'Fair'],
      [team.adminClient, 'Not shared'],
    ] as const) {
      const group = await by.send<{ id: string }>('post', '/v1/groups', { name });
      await by.send('post', `/v1/groups/${group.body.id}/members`, { person_ids: [person.id] });
    }
    const made = { name: 'First contact', subject: 'x', body: 'x' };
    const template = (await client.send<{ id: string }>('post', '/v1/templates', made)).body;
    const { id } = await mail.write(person.id, { template_id: template.id, subject: 'Hi' });
    const [draft] = await mail.folder('drafts');
    expect(draft).toMatchObject({
      ...{ id, template: { id: template.id, name: 'First contact' }, channel: null, failed_at: null },
      person: { title: 'Buyer', company: 'Contoso', groups: [{ name: 'Fair' }] },
      ...{ identity: { id: sender.identityId, name: 'Rep One' }, latest_activity: { event: 'created' } },
    });
    expect(draft?.person?.groups).toHaveLength(1);
    await emailIn(world, team, sender, 'failed');
    const [failed] = await mail.folder('failed');
    expect(failed).toMatchObject({ channel: { id: sender.channelId, name: 'Own' }, failed_at: failed?.state_at });
  });
});

describe('a folder that holds many', () => {
  const planOf = async (sort: EmailSort, folder: EmailFolder): Promise<string> => {
    const explained = {
      query: <T>(sql: string, values?: unknown[]) => world.database.dataSource.query<T>(`EXPLAIN ${sql}`, values),
    };
    const filter = { userId: sender.userId, folder, sort, rollUp: false };
    const plan = await world.app.app.get(EmailQueries).page(explained, team.teamId, filter, {
      ...{ after: ['2026-03-04T10:00:00Z', newId()], limit: 50 },
    });
    return (plan as unknown as { 'QUERY PLAN': string }[]).map((line) => line['QUERY PLAN']).join('\n');
  };

  beforeAll(async () => {
    await world.database.dataSource.query(
      `INSERT INTO emails (team_id, id, user_id, kind, content_id, to_name, subject, state, folder, state_at, send_at,
         due_at, channel_id, identity_id, sent_at, created_at, updated_at)
       SELECT e.team_id, gen_random_uuid(), e.user_id, 'single', e.content_id, 'Grace', 'Hi', f.folder, f.folder,
         e.state_at + n * interval '1 second', e.state_at - n * interval '1 second', e.state_at, e.channel_id,
         e.identity_id, e.state_at - n * interval '1 minute', e.state_at - n * interval '1 hour', e.updated_at
       FROM (SELECT * FROM emails WHERE user_id = $1 LIMIT 1) e, generate_series(1, 4000) n,
         unnest(ARRAY['delivered', 'scheduled', 'archived']) f (folder)`,
      [sender.userId],
    );
    await world.database.dataSource.query('ANALYZE emails');
  });

  test.each([
    ['newest', 'delivered', 'ix_emails_folder'],
    ['oldest', 'scheduled', 'ix_emails_folder'],
    ['created', 'delivered', 'ix_emails_created'],
    ['-created', 'scheduled', 'ix_emails_created'],
    ['send_at', 'scheduled', 'ix_emails_send_at'],
    ['-send_at', 'scheduled', 'ix_emails_send_at'],
    ['sent', 'archived', 'ix_emails_sent'],
    ['-sent', 'delivered', 'ix_emails_sent'],
  ] as const)('is read in the order of its index: %s of %s', async (sort, folder, index) => {
    const plan = await planOf(sort, folder);
    expect(plan).toMatch(new RegExp(`Index (Only )?Scan (Backward )?using ${index} `));
    // The page alone is sorted once more.
    const sorted = plan.match(/Sort Key: .*/g) ?? [];
    expect(sorted.filter((key) => !key.includes('page.'))).toEqual([]);
  });
});
