import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { PeopleImportView } from '../../../src/command-center/people/imports/people-imports.dto.js';
import { makeId, PREFIX } from '../../../src/sandbox/salesforce-org/ids.js';
import { SalesforceClient } from '../../../src/salesforce/client/salesforce-client.js';
import type { DescribeResult } from '../../../src/salesforce/client/types.js';
import { PeopleReader } from '../../../src/salesforce/people-import/people-reader.js';
import { Push } from '../../../src/salesforce/task-sync/push.js';
import type { ProblemBody } from '../../command-center/world.js';
import { bearer } from '../../support/app.js';
import { type Rep, SyncWorld } from '../../support/sync-world.js';

let world: SyncWorld;
let rep: Rep;

beforeAll(async () => {
  world = await SyncWorld.create({ reps: 1 });
  [rep] = world.reps as [Rep];
  await world.enrol();
  await world.sync();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.org.pool.query(`DELETE FROM sf_lead; DELETE FROM sf_contact`);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await world.control('DELETE', 'faults');
  await world.recover();
});

async function leads(count: number): Promise<void> {
  await world.org.pool.query(
    `INSERT INTO sf_lead (id, first_name, last_name, name, company, status, email, owner_id, created_date, created_by_id,
       last_modified_date, last_modified_by_id, system_modstamp)
     SELECT id, 'P', 'L' || n, 'P L' || n, 'Many', 'x', n || '@many.example', $1, now(), $1, now(), $1, now()
     FROM unnest($2::text[]) WITH ORDINALITY AS t (id, n)`,
    [rep.salesforceId, Array.from({ length: count }, (_, n) => makeId(PREFIX.Lead, 500_000 + n))],
  );
}
const begin = async (input: object = { objects: ['Lead'] }) =>
  (await world.call<PeopleImportView>('POST', '/v1/salesforce/people-imports', input, rep)).id;
const get = (id: string) => world.call<PeopleImportView>('GET', `/v1/people-imports/${id}`, undefined, rep);

test('several pages, with a failure in between: every record once, in few calls', async () => {
  await leads(4500);
  const id = await begin();
  await world.fault({ path: 'query' }, { status: 503 }, { skip: 1 });
  await world.quiesce();
  await world.recover();
  const one = await get(id);
  expect(one).toMatchObject({ state: 'uploaded', rows: 4500 });
  await world.call('POST', `/v1/people-imports/${id}/start`, { columns: one.columns }, rep);
  await world.quiesce();
  expect((await get(id)).counts).toMatchObject({ created: 4500, updated: 0, refused: 0 });
});

test('what people change here goes between two pages, however long ago the reads began', async () => {
  await leads(6500);
  const ids = [await begin(), await begin()];
  world.clock.advance(61_000);
  await world.createHere({ name: 'Urgent' }, rep);
  const pages = jest.spyOn(world.test.app.get(PeopleReader), 'slice');
  const pushes = jest.spyOn(world.test.app.get(Push), 'slice');
  await world.quiesce();
  expect(pages.mock.calls).toHaveLength(8);
  expect(pushes.mock.invocationCallOrder[0]).toBeLessThan(pages.mock.invocationCallOrder[1] ?? 0);
  for (const id of ids) expect(await get(id)).toMatchObject({ state: 'uploaded', rows: 6500 });
});

describe('A read that fails again and again', () => {
  const TIMEOUT = { status: 400, errorCode: 'QUERY_TIMEOUT', message: 'Your query request was running for too long.' };
  const FIRST = { path: 'FROM%20Lead' };
  const SECOND = { path: 'Id%20%3E' };
  async function tryAgain(times: number): Promise<void> {
    for (let n = 0; n < times; n++) {
      world.clock.advance(300_000);
      await world.quiesce();
    }
  }

  test('ends with the reason, and holds nobody up', async () => {
    await leads(1);
    await world.fault(FIRST, { error: TIMEOUT }, { times: null });
    const id = await begin();
    await tryAgain(6);
    const because = expect.stringMatching(/5 times in a row\. A query took longer .* Narrow the conditions/);
    expect(await get(id)).toMatchObject({ state: 'stopped', stopped_because: because });
    const task = await world.createHere({ name: 'Urgent' }, rep);
    await world.sync();
    expect(await world.here(task.id)).toMatchObject({ salesforce: { state: 'synced' } });
  });

  test('does so whatever fails', async () => {
    const id = await begin();
    const where = `Company LIKE '%${'long'.repeat(4_000)}%'`;
    await world.database.dataSource.query('UPDATE salesforce_people_reads SET queries = $1', [
      JSON.stringify([{ object: 'Lead', where, extra: [] }]),
    ]);
    await tryAgain(6);
    expect(await get(id)).toMatchObject({ state: 'stopped', stopped_because: expect.stringContaining('in a row') });
    expect(await world.quiesce()).toEqual([]);
  });

  test.each([
    ['does not answer', { status: 503 }],
    ['has its API switched off', { error: { status: 503, errorCode: 'API_CURRENTLY_DISABLED', message: 'off' } }],
  ])('goes on when Salesforce %s for a while', async (_, effect) => {
    await leads(1);
    await world.fault({ path: 'query' }, effect, { times: null });
    const id = await begin();
    await tryAgain(8);
    expect(await get(id)).toMatchObject({ state: 'uploading' });
    await world.control('DELETE', 'faults');
    await world.recover();
    expect(await get(id)).toMatchObject({ state: 'uploaded', rows: 1 });
  });

  test('goes on where a page came in between', async () => {
    await leads(2500);
    await world.fault(FIRST, { error: TIMEOUT }, { times: 4 });
    await world.fault(SECOND, { error: TIMEOUT }, { times: 4 });
    const id = await begin();
    await tryAgain(10);
    expect(await get(id)).toMatchObject({ state: 'uploaded', rows: 2500 });
  });

  test('waits for as long as the org takes no calls, be it hours', async () => {
    await leads(1);
    await world.fault(FIRST, { limit: 'daily' }, { times: 8 });
    const id = await begin();
    for (let n = 0; n < 12; n++) await world.recover();
    expect(await get(id)).toMatchObject({ state: 'uploaded', rows: 1 });
  });
});

test('A read ends where it cannot be seen who opted out of emails', async () => {
  await leads(1);
  const path = `as/${world.integrationUserId}/sobjects/Lead/describe`;
  const seen = await world.control<DescribeResult>('GET', path);
  // As field-level security hides it: not refused, just not there.
  const fields = seen.fields.filter(({ name }) => name !== 'HasOptedOutOfEmail');
  const hiding = jest.spyOn(SalesforceClient.prototype, 'describe').mockResolvedValue({ ...seen, fields });
  const id = await begin();
  await world.quiesce();
  const because = expect.stringContaining('HasOptedOutOfEmail');
  expect(await get(id)).toMatchObject({ state: 'stopped', stopped_because: because, rows: 0 });
  hiding.mockRestore();
  const next = await begin();
  await world.quiesce();
  expect(await get(next)).toMatchObject({ state: 'uploaded', rows: 1 });
});

test('A list view with conditions too long for a query is refused at once', async () => {
  const where = `Company LIKE '%${'long'.repeat(4_000)}%'`;
  jest.spyOn(SalesforceClient.prototype, 'listViewQuery').mockResolvedValue(`SELECT Id FROM Lead WHERE ${where}`);
  const input = { objects: ['Lead'], list_view_id: '00B000000000001EAA' };
  for (const path of ['', '/count']) {
    const answer = await world.test.http.post(`/v1/salesforce/people-imports${path}`).set(bearer(rep.key)).send(input);
    const { errors } = answer.body as ProblemBody;
    expect([answer.status, errors]).toEqual([
      400,
      [{ field: 'list_view_id', message: expect.stringContaining('too long') }],
    ]);
  }
});
