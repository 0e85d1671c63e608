import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PeopleImportView } from '../../../src/command-center/people/imports/people-imports.dto.js';
import { PeopleImportPipeline } from '../../../src/command-center/people/imports/people-import-pipeline.js';
import type { LaneLease } from '../../../src/platform/pipelines/lane-lease.js';
import { makeId, PREFIX } from '../../../src/sandbox/salesforce-org/ids.js';
import { bearer } from '../../support/app.js';
import { type Rep, SyncWorld } from '../../support/sync-world.js';
import { until } from '../../support/until.js';
import { CLIENT, logIn } from '../task-sync/log-in.js';

let world: SyncWorld;
let rep: Rep;

beforeAll(async () => {
  world = await SyncWorld.create({ reps: 1, env: CLIENT });
  [rep] = world.reps as [Rep];
});
afterAll(() => world.close());

async function leads(count: number): Promise<void> {
  await world.org.pool.query('DELETE FROM sf_lead');
  await world.org.pool.query(
    `INSERT INTO sf_lead (id, last_name, name, company, status, email, owner_id, created_date, created_by_id,
       last_modified_date, last_modified_by_id, system_modstamp)
     SELECT id, 'L' || n, 'L' || n, 'x', 'x', n || '@left.example', $1, now(), $1, now(), $1, now()
     FROM unnest($2::text[]) WITH ORDINALITY AS t (id, n)`,
    [rep.salesforceId, Array.from({ length: count }, (_, n) => makeId(PREFIX.Lead, 700_000 + n))],
  );
}
const call = (method: string, path: string, body?: object) => world.call<PeopleImportView>(method, path, body, rep);
const get = (id: string) => call('GET', `/v1/people-imports/${id}`);
const begin = async () => (await call('POST', '/v1/salesforce/people-imports', { objects: ['Lead'] })).id;
async function start(id: string, more: object = {}): Promise<void> {
  const { columns } = await get(id);
  await call('POST', `/v1/people-imports/${id}/start`, { columns, ...more });
}
async function begun(options: { dry_run: boolean } | undefined): Promise<string> {
  const id = await begin();
  await world.quiesce();
  if (options) await start(id, options);
  await world.quiesce();
  return id;
}
const recordsHere = () => world.database.dataSource.query('SELECT 1 FROM person_salesforce_records');

test('What was read from an org that the team leaves is imported no further, and brings no record of it', async () => {
  await logIn(world);
  await leads(1);
  const finished = await begun({ dry_run: false });
  await leads(700);
  const [tried, read] = [await begun({ dry_run: true }), await begun(undefined)];
  const half = await begun(undefined);
  await start(half);
  const lease = { lane: world.team.teamId, check: () => Promise.resolve() } as unknown as LaneLease;
  await world.test.app.get(PeopleImportPipeline).slice(lease);
  const reading = await begin();
  const csv = { ...bearer(rep.key), 'Content-Type': 'text/csv' };
  const { body: file } = await world.test.http.post('/v1/people-imports').set(csv).send('Name\nGrace\n');

  const { rows } = await world.org.pool.query<{ id: string }>('SELECT id FROM sf_organization');
  const leaveOrg = rows[0]?.id ?? '';
  await world.control('POST', 'org', { id: '00D000000000009EAA' });
  expect(await logIn(world, { leaveOrg })).toMatchObject({ status: 200 });
  expect(await recordsHere()).toEqual([]);
  await world.quiesce();

  const stopped = { state: 'stopped', stopped_because: expect.stringContaining('has left the Salesforce org') };
  for (const id of [tried, read, reading]) {
    expect(await get(id)).toMatchObject({ ...stopped, rows: 0, rows_done: 0, dry_run: false });
    await expect(start(id)).rejects.toThrow('409');
  }
  expect(await get(half)).toMatchObject({
    ...stopped,
    rows: 500,
    rows_done: 500,
    counts: { unchanged: 1, created: 499 },
  });
  await start(half);
  await world.quiesce();
  expect(await recordsHere()).toEqual([]);
  expect(await get(finished)).toMatchObject({ state: 'done', rows: 1, stopped_because: null });
  expect(await get(String(file.id))).toMatchObject({ state: 'uploaded', rows: 1 });
  expect(await world.database.dataSource.query('SELECT 1 FROM salesforce_people_reads')).toEqual([]);
  expect(await world.database.dataSource.query('SELECT count(*)::int AS rows FROM people_import_rows')).toEqual([
    { rows: 502 },
  ]);
});

test('A read that is begun while the team leaves waits for that, and is refused', async () => {
  const other = await SyncWorld.create({ reps: 1 });
  const { dataSource } = other.database;
  const leaving = dataSource.createQueryRunner();
  await leaving.startTransaction();
  await leaving.query('DELETE FROM salesforce_connections');
  const beginning = other.call('POST', '/v1/salesforce/people-imports', { objects: ['Lead'] }, other.reps[0]);
  const refused = expect(beginning).rejects.toThrow('409');
  await until(async () => {
    const waits = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return (await dataSource.query(waits)).length > 0;
  });
  await leaving.commitTransaction();
  await leaving.release();
  await refused;
  expect(await dataSource.query('SELECT 1 FROM people_imports')).toEqual([]);
  await other.close();
});
