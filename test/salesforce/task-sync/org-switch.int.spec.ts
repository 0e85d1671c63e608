import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { seedOrg } from '../../../src/sandbox/salesforce-org/seed/seed.js';
import { type SalesforceOrg, startSalesforceOrg } from '../../../src/sandbox/salesforce-org/server.js';
import { bearer } from '../../support/app.js';
import { createEmptyDatabase } from '../../support/database.js';
import { FakeClock } from '../../support/fake-clock.js';
import { type Rep, SyncWorld } from '../../support/sync-world.js';
import { until } from '../../support/until.js';
import { CLIENT, logIn } from './log-in.js';

jest.setTimeout(60_000);

const PRODUCTION = '00D000000000009EAA';

let world: SyncWorld;
let production: SalesforceOrg;
let dropProduction: () => Promise<void>;
let rep: Rep;

beforeEach(async () => {
  const clock = new FakeClock('2026-03-04T10:00:00Z');
  const database = await createEmptyDatabase();
  dropProduction = () => database.drop();
  production = await startSalesforceOrg({ databaseUrl: database.url, now: () => clock.now() });
  await seedOrg(production.pool, { tasks: 0, people: 40, now: clock.now() });
  await production.pool.query('UPDATE sf_organization SET is_sandbox = false, name = $1', ['Northwind']);
  await control('POST', 'org', { id: PRODUCTION });
  // Both are allowed; the first is where the world lives.
  world = await SyncWorld.create({ reps: 2, clock, env: { ...CLIENT, SALESFORCE_LOGIN_HOSTS: '' } });
  world.test.config.get = listed(world.test.config.get.bind(world.test.config));
  rep = world.reps[0]!;
});
afterEach(async () => {
  await world.close();
  await production.close();
  await dropProduction();
});

type Get = SyncWorld['test']['config']['get'];
const listed = (get: Get): Get =>
  ((name) => (name === 'SALESFORCE_LOGIN_HOSTS' ? [world.org.url, production.url] : get(name))) as Get;

async function control<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${production.url}/sandbox/${path}`, { method, body: JSON.stringify(body) });
  return (await response.json()) as T;
}

interface Connection {
  status: string;
  org_id: string;
  org_name: string | null;
  is_sandbox: boolean | null;
}

const connection = () => world.call<Connection>('GET', '/v1/salesforce/connection');
const preview = () => world.call<Record<string, unknown>>('GET', '/v1/salesforce/connection/switch');
const integrationUser = async () => (await control<{ id: string; name: string }[]>('GET', 'users'))[0]?.id ?? '';
const toProduction = async (leaveOrg?: string) => {
  const at = { org: production, user: await integrationUser() };
  return logIn(world, { ...at, ...(leaveOrg !== undefined && { leaveOrg }) });
};
const toSandbox = (leaveOrg: string) => logIn(world, { leaveOrg });
const sandboxId = async () => {
  const { rows } = await world.org.pool.query<{ id: string }>('SELECT id FROM sf_organization');
  return rows[0]?.id ?? '';
};
const inProduction = async (): Promise<Record<string, unknown>[]> =>
  (await production.pool.query('SELECT * FROM sf_task ORDER BY id')).rows;
/** Matches the rep with a user of the org that is connected, and turns the sync on. */
const enrolIn = async (org: SalesforceOrg) => {
  const people = (await (await fetch(`${org.url}/sandbox/users`)).json()) as { id: string; isActive: boolean }[];
  const id = people.filter(({ isActive }) => isActive)[2]?.id;
  await world.call('PUT', `/v1/salesforce/users/${rep.userId}/match`, { salesforce_user_id: id });
  await world.enrol({ reps: [rep] });
  await world.sync();
  return id ?? '';
};

const namesOf = async () => {
  const { data } = await world.call<{ data: { name: string }[] }>('GET', '/v1/tasks?view=all', undefined, rep);
  return data.map(({ name }) => name).sort();
};

describe('a switch to another Salesforce org', () => {
  it('is refused unless the admin said which org to leave', async () => {
    await logIn(world);
    const id = await sandboxId();
    expect(await connection()).toMatchObject({ org_id: id, is_sandbox: true, org_name: 'Northwind Sales' });
    const refused = await toProduction();
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('Switch to another org')]);
    const wrong = await world.test.http
      .post('/v1/salesforce/connection')
      .set({ Authorization: `Bearer ${world.team.admin.key}` })
      .send({ login_url: production.url, leave_org: PRODUCTION });
    expect(wrong.status).toBe(409);
    // Said that it is to be left, and logged in to it again.
    const same = await logIn(world, { leaveOrg: id });
    expect([same.status, same.text]).toEqual([409, expect.stringContaining('the org that you want to leave')]);
    expect(await connection()).toMatchObject({ status: 'connected', org_id: id });
  });

  it('says beforehand what it sets aside', async () => {
    await world.enrol();
    await world.createHere({ name: 'A' }, rep);
    await world.sync();
    expect(await preview()).toMatchObject({
      ...{ org_id: await sandboxId(), linked_tasks: 1, reps_syncing: 2, matched_users: 2 },
      ...{ open_conflicts: 0, left_before: [] },
    });
  });

  it('sends nothing of the old org to the new one, and deletes nothing', async () => {
    const there = await world.createThere({ Subject: 'imported', WhoId: await aContact(world.org) }, rep);
    const kept = await world.createHere({ name: 'never sent' }, rep);
    await world.enrol();
    const made = await world.createHere({ name: 'made here' }, rep);
    const gone = await world.createHere({ name: 'deleted here' }, rep);
    await world.sync();
    await world.deleteHere(gone.id, rep);
    const imported = await world.hereOf(there);
    expect(imported.person).not.toBeNull();
    await world.createHere({ name: 'on its way' }, rep);

    expect((await toProduction(await sandboxId())).status).toBe(200);
    expect(await connection()).toMatchObject({ org_id: PRODUCTION, is_sandbox: false, org_name: 'Northwind' });
    await world.sync();
    expect(await inProduction()).toEqual([]);

    await enrolIn(production);
    // What is in the old org is put away; what never went there is the rep's as ever, and stays here.
    expect(await namesOf()).toEqual(['never sent', 'on its way']);
    const edit = await world.test.http
      .patch(`/v1/tasks/${made.id}`)
      .set({ ...bearer(rep.key), 'If-Match': '*' })
      .send({ name: 'edited here' });
    expect([edit.status, edit.body.code]).toEqual([409, 'task_away']);
    await world.editHere(kept.id, { name: 'never sent, edited' }, rep);
    await world.sync();
    expect(await inProduction()).toEqual([]);
    expect(await world.here(imported.id)).toMatchObject({ who_id: null, person: { name: imported.person?.name } });
    // What is made now goes there, also one that is sent on request.
    const fresh = await world.createHere({ name: 'fresh' }, rep);
    await world.call('POST', `/v1/salesforce/task-sync/tasks/${kept.id}/send`, undefined, rep);
    await world.sync();
    const tasks = await inProduction();
    expect(tasks.map((task) => task['subject']).sort()).toEqual(['fresh', 'never sent, edited']);
    expect(tasks.map((task) => task['who_id'])).toEqual([null, null]);
    expect(await world.here(fresh.id)).toMatchObject({ salesforce: { state: 'synced' } });
    // And the old org was left as it was.
    expect((await world.allThere()).map(({ Subject }) => Subject).sort()).toEqual([
      'deleted here',
      'imported',
      'made here',
    ]);
  });

  it('and back again uses what was there: nothing is imported twice, and both sides are merged', async () => {
    const there = await world.createThere({ Subject: 'imported', WhoId: await aContact(world.org) }, rep);
    await world.enrol();
    const made = await world.createHere({ name: 'made here' }, rep);
    await world.sync();
    const imported = await world.hereOf(there);
    const whoId = (await world.there(there)).WhoId;
    const record = (await world.thereOf(made.id)).Id;

    await toProduction(await sandboxId());
    await enrolIn(production);
    expect(await namesOf()).toEqual([]);
    await world.editThere(record, { Priority: 'High' }, rep);
    await world.editThere(there, { Subject: 'edited there' }, rep);
    const prod = await world.createHere({ name: 'for production' }, rep);
    await world.sync();

    expect((await toSandbox(PRODUCTION)).status).toBe(200);
    expect(await preview()).toMatchObject({ left_before: [{ org_id: PRODUCTION, linked_tasks: 1 }], linked_tasks: 2 });
    const [setting] = await world.call<{ user_id: string; state: string }[]>('GET', '/v1/salesforce/task-sync/users');
    expect(setting).toMatchObject({ state: 'off' });
    const count = async () => Number((await world.database.dataSource.query('SELECT count(*) FROM tasks'))[0].count);
    const before = await count();
    await world.enrol();
    await world.sync();
    expect(await count()).toBe(before);
    expect(await world.here(imported.id)).toMatchObject({ name: 'edited there', who_id: whoId });
    expect(await world.here(made.id)).toMatchObject({ priority: 'high', away_since: null });
    expect(await namesOf()).toEqual(['edited there', 'made here']);
    // The task of the other org is none of this one, though a record of the same id is here too.
    expect((await inProduction())[0]?.['id']).toBe(there);
    expect((await world.here(prod.id)).salesforce?.id ?? null).toBeNull();
    expect((await world.quietCycle()).writes).toBe(0);
  });

  it('while a call to the old org is on its way: what comes of it is not kept', async () => {
    await world.enrol();
    await world.createHere({ name: 'on its way' }, rep);
    await world.fault({ method: 'POST', path: '/composite' }, { latencyMs: 1_500 });
    world.clock.advance(31_000);
    const working = world.quiesce();
    await until(async () =>
      (await world.control<{ struck: number }[]>('GET', 'faults')).some(({ struck }) => struck > 0),
    );
    expect((await toProduction(await sandboxId())).status).toBe(200);
    await working;
    await world.sync();
    expect(await inProduction()).toEqual([]);
    expect(await preview()).toMatchObject({ org_id: PRODUCTION, linked_tasks: 0 });
  });

  it('while people edit, match and turn on: nothing of the old org is left in the new one, and nobody is held up for ever', async () => {
    await world.enrol();
    const tasks = await Promise.all(Array.from({ length: 30 }, (_, n) => world.createHere({ name: `task ${n}` }, rep)));
    await world.sync();
    const old = await sandboxId();
    const edits = tasks.map(async ({ id }, n) => {
      const edited = await world.test.http
        .patch(`/v1/tasks/${id}`)
        .set({ ...bearer(rep.key), 'If-Match': '*' })
        .send({ details: `edit ${n}` });
      return edited.status;
    });
    const matching = world.reps.map(async ({ userId, salesforceId }) => {
      const put = world.test.http.put(`/v1/salesforce/users/${userId}/match`).set(bearer(world.team.admin.key));
      return (await put.send({ salesforce_user_id: salesforceId })).status;
    });
    const turning = world.setSync(world.reps, true).catch(() => undefined);
    const [page, ...statuses] = await Promise.all([toProduction(old), ...edits, ...matching, turning]);
    expect(page.status).toBe(200);
    expect(statuses.filter((status) => typeof status === 'number' && status >= 500)).toEqual([]);
    // What came after the switch is of the new org, or was refused.
    expect(await preview()).toMatchObject({ org_id: PRODUCTION, linked_tasks: 0 });
    await world.sync();
    expect(await inProduction()).toEqual([]);
  });

  it('of two admins at once one switches, and the other is told', async () => {
    const id = await sandboxId();
    const answers = await Promise.all([toProduction(id), toProduction(id)]);
    const statuses = answers.map(({ status }) => status).sort();
    // The second one comes to the org that is there already: it is connected again, or refused.
    expect(statuses[0]).toBe(200);
    expect(await connection()).toMatchObject({ org_id: PRODUCTION, status: 'connected' });
    const rows = await world.database.dataSource.query('SELECT 1 FROM salesforce_connections WHERE team_id = $1', [
      world.team.teamId,
    ]);
    expect(rows).toHaveLength(1);
  });

  it('is not possible to an org that another team has', async () => {
    const other = await world.secondTeam({ reps: 1 });
    const { org_id: theirs } = await other.call<Connection>('GET', '/v1/salesforce/connection');
    await control('POST', 'org', { id: theirs });
    const refused = await toProduction(await sandboxId());
    expect(refused.status).toBe(409);
    expect(await connection()).toMatchObject({ org_id: await sandboxId(), status: 'connected' });
    await other.close();
  });

  it('leads out of a sandbox that was refreshed', async () => {
    await logIn(world);
    const before = await sandboxId();
    await world.control('POST', 'org', { id: PRODUCTION });
    await control('POST', 'org', { id: '00D000000000008EAA' });
    await world.control('DELETE', 'sessions');
    world.clock.advance(31_000);
    await world.enrol();
    expect(await connection()).toMatchObject({ status: 'stopped', org_id: before });
    expect((await logIn(world, { leaveOrg: before })).status).toBe(200);
    expect(await connection()).toMatchObject({ status: 'connected', org_id: PRODUCTION });
  });

  it('is in the audit log', async () => {
    await toProduction(await sandboxId());
    const { data } = await world.call<{ data: object[] }>('GET', '/v1/audit?action=salesforce.org_switched');
    expect(data).toEqual([expect.objectContaining({ details: { from: await sandboxId(), to: PRODUCTION } })]);
  });
});

async function aContact(org: SalesforceOrg): Promise<string> {
  const { rows } = await org.pool.query<{ id: string }>('SELECT id FROM sf_contact ORDER BY id LIMIT 1');
  return rows[0]?.id ?? '';
}
