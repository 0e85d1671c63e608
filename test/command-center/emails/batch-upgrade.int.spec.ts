import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { EmailBatchView, UpdatedEmailBatch } from '../../../src/command-center/emails/email-batches.dto.js';
import type { EmailView } from '../../../src/command-center/emails/email-view.dto.js';
import { EmailBatchContents1764201820000 } from '../../../src/migrations/1764201820000-email-batch-contents.js';
import { createWorld, newTeam, type World } from '../world.js';
import { Mailer, readySender } from './email-world.js';

let world: World;
let mail: Mailer;
let people: string[];

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());

beforeEach(async () => {
  world.clock.set('2026-03-04T10:00:00Z');
  const team = await newTeam(world);
  await readySender(world, team, team.reps[0]!);
  mail = new Mailer(team.repClients[0]!);
  people = [];
  for (const name of ['Alice', 'Bob', 'Carol'])
    people.push((await mail.client.newPerson({ name, email: `${name}@example.com` })).id);
});

const query = (sql: string, values: unknown[] = []) => world.database.dataSource.query(sql, values);

/** To all three; so many of them have words of their own. */
async function sent(edited: number, same: 'subject' | 'nothing'): Promise<EmailBatchView> {
  const edits = people.slice(0, edited).map((person_id, n) => ({
    ...{ person_id, body: `<p>Private ${n}</p>` },
    ...(same === 'subject' ? {} : { subject: `For you, ${n}` }),
  }));
  return mail.batch({
    ...{ kind: 'select', person_ids: people, edits, subject: 'Spring', body: '<p>For all</p>' },
    schedule: { at: '2026-03-05T09:00:00Z' },
  });
}

/** As the version before would have left them. */
async function upgraded(): Promise<void> {
  await query('ALTER TABLE email_batches DROP COLUMN content_id');
  const runner = world.database.dataSource.createQueryRunner();
  await new EmailBatchContents1764201820000().up(runner);
  await runner.release();
}

const batchOf = (id: string) => mail.client.get<EmailBatchView>(`/v1/email-batches/${id}`);
const edit = (batch: EmailBatchView, changes: object) =>
  mail.client.send<UpdatedEmailBatch>('patch', `/v1/email-batches/${batch.id}`, changes, {
    'If-Match': `"v${batch.version}"`,
  });

describe('A bulk send that an earlier version made', () => {
  test.each([
    [0, 'subject', '<p>For all</p>'],
    [1, 'subject', '<p>For all</p>'],
    [2, 'nothing', '<p>For all</p>'],
    [2, 'subject', ''],
    [3, 'nothing', ''],
  ] as const)('with %i of three edited, %s the same, says to all: %s', async (edited, same, body) => {
    const { id } = await sent(edited, same);
    await upgraded();
    expect(await batchOf(id)).toMatchObject({ subject: 'Spring', body, attachments: [] });
  });

  test('whose words are not known is edited as a whole, or only put off', async () => {
    const { id } = await sent(3, 'subject');
    await upgraded();
    expect(await batchOf(id)).toMatchObject({ text_known: false });
    const refused = await edit(await batchOf(id), { subject: 'Summer' });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'body' }, { field: 'attachments' }] } });
    const later = await edit(await batchOf(id), { schedule: { at: '2026-03-06T09:00:00Z' } });
    expect(later.body).toMatchObject({ changed: 3, body: '' });
    const whole = await edit(await batchOf(id), { body: '<p>To everybody</p>', attachments: [] });
    expect(whole.body).toMatchObject({ changed: 3, subject: 'Spring', body: '<p>To everybody</p>', text_known: true });
    const summer = await edit(await batchOf(id), { subject: 'Summer' });
    expect(summer.body).toMatchObject({ changed: 3, subject: 'Summer', body: '<p>To everybody</p>' });
    const emails = await mail.folder('scheduled', `batch_id=${id}`);
    const read = await Promise.all(emails.map((one) => mail.client.get<EmailView>(`/v1/emails/${one.id}`)));
    expect(read.map((one) => one.subject)).toEqual(Array(3).fill('Summer'));
  });

  test('and one that still runs beside this one go on as before', async () => {
    const { id } = await sent(1, 'subject');
    // As it makes them, and as it takes contents away that no email has any more.
    await query(
      `INSERT INTO email_batches (team_id, id, user_id, kind, subject, emails, created_at)
       SELECT team_id, gen_random_uuid(), user_id, kind, subject, emails, created_at FROM email_batches WHERE id = $1`,
      [id],
    );
    const [{ contentId }] = await query('SELECT content_id AS "contentId" FROM email_batches WHERE id = $1', [id]);
    await query(
      `WITH other AS (INSERT INTO email_contents (team_id, id, subject, body)
         SELECT team_id, gen_random_uuid(), 'Other', 'x' FROM email_contents WHERE id = $1 RETURNING id)
       UPDATE emails SET content_id = other.id FROM other WHERE content_id = $1`,
      [contentId],
    );
    await query('DELETE FROM email_contents WHERE id = $1', [contentId]);
    expect(await batchOf(id)).toMatchObject({ subject: 'Spring', body: '' });
  });
});
