import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, makeUser, type TestUser } from '../../support/app.js';
import { type Rep, SyncWorld } from '../../support/sync-world.js';

interface Problem {
  id: string;
  task_id: string;
  task_name: string;
  code: string;
  category: string;
  behaviour: string;
  sentence: string;
  advice: string;
  state: string;
  waits_for_a_person: boolean;
}

const PATH = '/v1/salesforce/task-sync/problems';
const RULE = 'FIELD_CUSTOM_VALIDATION_EXCEPTION';

describe('problems', () => {
  let world: SyncWorld;
  let ann: Rep;
  let bob: Rep;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 2 });
    [ann, bob] = world.reps as [Rep, Rep];
    await world.enrol();
  });
  afterAll(() => world.close());
  beforeEach(() => world.control('DELETE', 'faults'));

  const refuse = (containing: string, statusCode = RULE) =>
    world.fault({}, { rows: { containing, statusCode, message: 'Not on a Friday.' } }, { times: null });
  const list = async (query: string, as?: TestUser) =>
    (await world.call<{ data: Problem[] }>('GET', `${PATH}?${query}`, undefined, as)).data;
  const problemOf = async (taskId: string, state = 'open') => (await list(`task_id=${taskId}&state=${state}`))[0];
  const act = (id: string | undefined, verb: 'retry' | 'ignore', as?: TestUser) =>
    world.call<Problem>('POST', `${PATH}/${id}/${verb}`, {}, as);
  const statusOf = async (id: string, verb: string, as: TestUser) =>
    (await world.test.http.post(`${PATH}/${id}/${verb}`).set(bearer(as.key)).send({})).status;
  const open = async () => (await world.call<{ problems: number }>('GET', '/v1/salesforce/task-sync/status')).problems;
  const stateOf = async (taskId: string) => (await world.here(taskId)).salesforce?.state;
  const refused = async (name: string, as: Rep = ann) => {
    await refuse(name);
    const task = await world.createHere({ name }, as);
    await world.quiesce();
    return task;
  };

  it('say what is refused, why, and what to do, and are solved by a retry after the org was mended', async () => {
    const task = await refused('weekday rule');
    const problem = await problemOf(task.id);
    expect(problem).toMatchObject({
      ...{ task_name: 'weekday rule', code: RULE, category: 'access_or_validation', behaviour: 'park', state: 'open' },
      ...{ sentence: 'A validation rule in Salesforce refuses the record.', waits_for_a_person: true },
    });
    await world.control('DELETE', 'faults');
    await world.sync();
    expect(await stateOf(task.id)).toBe('problem');

    expect(await act(problem?.id, 'retry')).toMatchObject({ state: 'open', waits_for_a_person: false });
    await world.sync();
    expect(await stateOf(task.id)).toBe('synced');
    expect(await problemOf(task.id)).toBeUndefined();
    expect(await problemOf(task.id, 'all')).toMatchObject({ state: 'resolved', waits_for_a_person: false });
    // Solved meanwhile: nothing to do, and no failure.
    expect(await act(problem?.id, 'retry')).toMatchObject({ state: 'resolved' });
    expect(await act(problem?.id, 'ignore')).toMatchObject({ state: 'resolved' });
    expect((await world.quietCycle()).writes).toBe(0);
  });

  it('come again when the retry is refused, too, also when two retry at once', async () => {
    const task = await refused('still refused');
    const problem = await problemOf(task.id);
    await Promise.all([act(problem?.id, 'retry'), act(problem?.id, 'retry', ann)]);
    await world.quiesce();
    expect(await list(`task_id=${task.id}&state=all`)).toMatchObject([
      { id: problem?.id, state: 'open', attempts: 2, waits_for_a_person: true },
    ]);
    await world.deleteHere(task.id);
    await world.sync();
  });

  it('are left alone when ignored: not counted, not tried, until somebody edits the task', async () => {
    const before = await open();
    const task = await refused('to be ignored');
    const problem = await problemOf(task.id);
    expect(await open()).toBe(before + 1);
    expect(await act(problem?.id, 'ignore')).toMatchObject({ state: 'ignored' });
    expect(await open()).toBe(before);
    expect(await problemOf(task.id)).toBeUndefined();
    expect(await problemOf(task.id, 'ignored')).toMatchObject({ id: problem?.id, state: 'ignored' });
    // Nor is it tried with all of its kind.
    expect(await world.call('POST', `${PATH}/retry`, { code: RULE })).toEqual({ retried: 0 });
    await world.sync();
    expect(await problemOf(task.id, 'ignored')).toMatchObject({ attempts: 1 });

    await world.editHere(task.id, { details: 'still not right' });
    await world.sync();
    expect(await problemOf(task.id)).toMatchObject({ id: problem?.id, state: 'open', attempts: 2 });
    await act(problem?.id, 'ignore');
    await world.control('DELETE', 'faults');
    await world.editHere(task.id, { details: 'now right' });
    await world.sync();
    expect(await stateOf(task.id)).toBe('synced');
    expect(await problemOf(task.id, 'all')).toMatchObject({ state: 'resolved' });
  });

  it('that pass by themselves rest as well once they are ignored', async () => {
    await world.fault({}, { rows: { containing: 'locked', statusCode: 'UNABLE_TO_LOCK_ROW' } }, { times: null });
    const task = await world.createHere({ name: 'locked' });
    for (let round = 0; round < 4; round++) {
      await world.quiesce();
      world.clock.advance(20 * 60_000);
    }
    const problem = await problemOf(task.id);
    expect(problem).toMatchObject({ category: 'intermittent', behaviour: 'retry', waits_for_a_person: false });
    await act(problem?.id, 'ignore');
    await world.control('DELETE', 'faults');
    await world.recover();
    expect(await stateOf(task.id)).toBe('problem');
    await act(problem?.id, 'retry');
    await world.sync();
    expect(await stateOf(task.id)).toBe('synced');
  });

  it('of an internal failure of Salesforce are tried a few times, then wait for a person', async () => {
    await refuse('internal', 'UNKNOWN_EXCEPTION');
    const task = await world.createHere({ name: 'internal' });
    for (let round = 0; round < 8; round++) {
      await world.quiesce();
      world.clock.advance(20 * 60_000);
    }
    const [link]: { attempts: number }[] = await world.database.dataSource.query(
      `SELECT count(*)::int AS attempts FROM sync_attempts WHERE task_id = $1`,
      [task.id],
    );
    expect(link).toEqual({ attempts: 5 });
    const problem = await problemOf(task.id);
    expect(problem).toMatchObject({ code: 'UNKNOWN_EXCEPTION', message: 'Not on a Friday.', waits_for_a_person: true });
    await world.control('DELETE', 'faults');
    await act(problem?.id, 'retry');
    await world.sync();
    expect(await stateOf(task.id)).toBe('synced');
  });

  it('are retried all of a kind: a team’s by admins, their own by reps', async () => {
    const ofAnn = await Promise.all(['kind 1', 'kind 2'].map((name) => refused(name)));
    const ofBob = await refused('kind 3', bob);
    await refuse('other kind', 'STRING_TOO_LONG');
    const other = await world.createHere({ name: 'other kind' });
    await world.quiesce();
    const { data: kinds } = await world.call<{ data: object[] }>('GET', `${PATH}/kinds`);
    expect(kinds).toMatchObject([
      { code: RULE, count: 3, category: 'access_or_validation' },
      { code: 'STRING_TOO_LONG', count: 1 },
    ]);
    expect((await world.call<{ data: object[] }>('GET', `${PATH}/kinds`, undefined, bob)).data).toMatchObject([
      { code: RULE, count: 1 },
    ]);

    await world.control('DELETE', 'faults');
    expect(await world.call('POST', `${PATH}/retry`, { code: RULE }, bob)).toEqual({ retried: 1 });
    await world.sync();
    expect(await stateOf(ofBob.id)).toBe('synced');
    expect(await stateOf(ofAnn[0]?.id ?? '')).toBe('problem');
    expect(await world.call('POST', `${PATH}/retry`, { code: RULE })).toEqual({ retried: 2 });
    await world.sync();
    for (const { id } of ofAnn) expect(await stateOf(id)).toBe('synced');
    expect(await stateOf(other.id)).toBe('problem');
    expect(await world.call('POST', `${PATH}/retry`, { code: 'NEVER_SEEN' })).toEqual({ retried: 0 });
    await act((await problemOf(other.id))?.id, 'retry');
    await world.sync();
  });

  it('of others are none to a rep, and none to another team', async () => {
    const task = await refused('somebody else’s');
    const { id = '' } = (await problemOf(task.id)) ?? {};
    const stranger = await makeUser(world.test, await anotherTeam(world), { role: 'admin' });
    for (const verb of ['retry', 'ignore']) {
      expect(await statusOf(id, verb, bob)).toBe(404);
      expect(await statusOf(id, verb, stranger)).toBe(404);
      expect(await statusOf(task.id, verb, world.team.admin)).toBe(404);
    }
    expect(await list('state=all', bob)).not.toContainEqual(expect.objectContaining({ id }));
    expect(await world.call('POST', `${PATH}/retry`, { code: RULE }, stranger)).toEqual({ retried: 0 });
    expect(await statusOf(id, 'ignore', ann)).toBe(200);
  });

  it('are retried by the ten thousand in a few statements', async () => {
    const N = 12_000;
    const { dataSource } = world.database;
    await dataSource.query(
      `WITH t AS (INSERT INTO tasks (team_id, id, type, name, assignee_id)
         SELECT $1, gen_random_uuid(), 'custom', 'one of many', $2 FROM generate_series(1, $3) RETURNING team_id, id),
       l AS (INSERT INTO task_links (team_id, task_id, due_since, parked_code, attempts)
         SELECT team_id, id, now(), 'STORAGE_LIMIT_EXCEEDED', 1 FROM t)
       INSERT INTO sync_problems (team_id, id, task_id, code, message, first_at, last_at)
         SELECT team_id, gen_random_uuid(), id, 'STORAGE_LIMIT_EXCEEDED', 'full', now(), now() FROM t`,
      [world.team.teamId, bob.userId, N],
    );
    const answer = await world.call('POST', `${PATH}/retry`, { code: 'STORAGE_LIMIT_EXCEEDED' });
    expect(answer).toEqual({ retried: N });
    const [left]: { n: number }[] = await dataSource.query(
      `SELECT count(*)::int AS n FROM task_links WHERE parked_code IS NOT NULL AND task_id IN (
         SELECT task_id FROM sync_problems WHERE code = 'STORAGE_LIMIT_EXCEEDED')`,
    );
    expect(left).toEqual({ n: 0 });
  });
});

async function anotherTeam(world: SyncWorld): Promise<string> {
  const rows: { id: string }[] = await world.database.dataSource.query(
    `INSERT INTO teams (id, name) VALUES (gen_random_uuid(), 'Contoso') RETURNING id`,
  );
  return rows[0]?.id ?? '';
}
