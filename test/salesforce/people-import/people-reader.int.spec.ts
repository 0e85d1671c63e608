import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { PeopleImportView } from '../../../src/command-center/people/imports/people-imports.dto.js';
import { makeId, PREFIX } from '../../../src/sandbox/salesforce-org/ids.js';
import { PeopleReader } from '../../../src/salesforce/people-import/people-reader.js';
import { Push } from '../../../src/salesforce/task-sync/push.js';
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
