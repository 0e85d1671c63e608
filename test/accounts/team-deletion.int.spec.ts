import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TeamData } from '../../src/accounts/team-data.js';
import { TeamsService } from '../../src/accounts/teams.service.js';
import { Quiescence } from '../../src/platform/pipelines/quiescence.js';
import { bearer, createTestApp, makeTeam, type TestApp, type TestTeam } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FakeClock } from '../support/fake-clock.js';
import { rowsOfTeam, tablesOfTeams, tracesOf } from '../support/team-rows.js';
import { until } from '../support/until.js';

let database: TestDatabase;
let test: TestApp;
let team: TestTeam;
let other: TestTeam;
const clock = new FakeClock();

beforeAll(async () => {
  database = await createTestDatabase();
  test = await createTestApp({ database, clock });
  other = await makeTeam(test, { name: 'Other' });
  await fill(other);
});
afterAll(async () => {
  await test.close();
  await database.drop();
});
// A team of its own for each test.
beforeEach(async () => {
  team = await makeTeam(test, { name: 'Northwind' });
  await fill(team);
});

const sql = <Row>(text: string, parameters: unknown[] = []) => database.dataSource.query<Row[]>(text, parameters);
const remove = (key: string, name: string) => test.http.delete('/v1/team').set(bearer(key)).send({ name });
const isOpen = async (key: string) => (await test.http.get('/v1/me').set(bearer(key))).status === 200;
const quiesce = () => test.app.get(Quiescence).drainAllDue();
const waiting = async () =>
  (await sql(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).length;

/** Something in each table of accounts and the Command Center. */
async function fill({ admin, reps }: TestTeam): Promise<void> {
  const as = bearer(admin.key);
  const person = await test.http.post('/v1/people').set(as).send({ name: 'Grace', email: 'grace@customer.example' });
  for (const { userId } of reps) {
    const body = { name: 'Call Grace', type: 'call', assignee_id: userId, person_id: person.body.id };
    const { body: task } = await test.http.post('/v1/tasks').set(as).send(body).expect(201);
    await test.http.post(`/v1/tasks/${task.id}/complete`).set(as).send({}).expect(200);
  }
}

describe('deleting a team', () => {
  it('needs its exact name; another one changes nothing', async () => {
    for (const name of ['northwind', 'Northwind ', ' Northwind', 'Other']) {
      const { status, body } = await remove(team.admin.key, name);
      expect([status, body.code, body.title]).toEqual([422, 'team_name_mismatch', 'This is not the name of the team']);
    }
    for (const body of [{}, { name: '' }, { name: null }]) {
      await test.http.delete('/v1/team').set(bearer(team.admin.key)).send(body).expect(400);
    }
    expect(await quiesce()).toEqual([]);
    expect(await isOpen(team.admin.key)).toBe(true);
  });

  it('is for its own admins', async () => {
    const key = async (scopes: string[]) => {
      const made = await test.http.post('/v1/api-keys').set(bearer(team.admin.key)).send({ name: 'x', scopes });
      return made.body.key as string;
    };
    expect((await remove(team.reps[0]!.key, 'Northwind')).status).toBe(403);
    expect((await remove(await key(['team:read', 'tasks:write']), 'Northwind')).status).toBe(403);
    // Another team's admin can name it; what they would delete is their own.
    expect((await remove(other.admin.key, 'Northwind')).body.code).toBe('team_name_mismatch');
    expect([await isOpen(team.admin.key), await isOpen(other.admin.key)]).toEqual([true, true]);
    expect((await remove(await key(['team:write']), 'Northwind')).status).toBe(202);
  });

  it('closes every key of the team at once, and no other', async () => {
    const made = await test.http
      .post('/v1/api-keys')
      .set(bearer(team.admin.key))
      .send({ name: 'x', scopes: ['team:read'] });
    const keys = [team.admin.key, ...team.reps.map((rep) => rep.key), made.body.key as string];
    const answer = await remove(team.admin.key, 'Northwind').expect(202);
    expect(answer.body).toEqual({ id: team.teamId, name: 'Northwind', deleted_at: clock.now().toISOString() });
    for (const key of keys) {
      const { status, body } = await test.http.get('/v1/me').set(bearer(key));
      expect([status, body.code]).toEqual([401, 'unauthenticated']);
    }
    expect(await isOpen(other.admin.key)).toBe(true);
  });

  it('hides it from whoever lists or names teams', async () => {
    const teams = test.app.get(TeamsService);
    const listed = async () => (await teams.list()).map(({ id }) => id);
    expect(await listed()).toContain(team.teamId);
    await remove(team.admin.key, 'Northwind').expect(202);
    expect(await listed()).not.toContain(team.teamId);
    await expect(teams.get(team.teamId)).rejects.toThrow('There is no such team.');
    await expect(teams.rename(team.teamId, '*', 'x', 'operator')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('removes every row of it from every table, and none of another team', async () => {
    const before = await rowsOfTeam(database.dataSource, other.teamId);
    const filled = await rowsOfTeam(database.dataSource, team.teamId);
    for (const table of ['users', 'api_keys', 'people', 'tasks', 'task_changes']) expect(filled[table]).not.toEqual([]);
    await remove(team.admin.key, 'Northwind').expect(202);
    expect(await quiesce()).toEqual([]);
    expect(await tracesOf(database.dataSource, [team.teamId, ...team.reps.map((rep) => rep.userId)])).toEqual([]);
    expect(await rowsOfTeam(database.dataSource, other.teamId)).toEqual(before);
  });

  it('asked for twice at once is done once, and both are told so', async () => {
    const holding = database.dataSource.createQueryRunner();
    await holding.startTransaction();
    await holding.query('SELECT 1 FROM teams WHERE id = $1 FOR UPDATE', [team.teamId]);
    const both = [remove(team.admin.key, 'Northwind'), remove(team.admin.key, 'Northwind')].map((asked) =>
      asked.then(({ status, body }) => ({ status, body })),
    );
    await until(async () => (await waiting()) === 2);
    await holding.commitTransaction();
    await holding.release();
    const [one, two] = await Promise.all(both);
    expect([one?.status, two?.status]).toEqual([202, 202]);
    expect(one?.body).toEqual(two?.body);
    expect(await quiesce()).toEqual([]);
    expect(await tracesOf(database.dataSource, [team.teamId])).toEqual([]);
  });

  it('lets a request that began before it end, and removes what that one added', async () => {
    const request = database.dataSource.createQueryRunner();
    await request.startTransaction();
    await request.query(
      `INSERT INTO tasks (team_id, id, type, name, assignee_id) VALUES ($1, gen_random_uuid(), 'custom', 'late', $2)`,
      [team.teamId, team.reps[0]?.userId],
    );
    await remove(team.admin.key, 'Northwind').expect(202);
    const removing = quiesce();
    // The removal has come to the users, one of whom the new task names.
    await until(async () => (await waiting()) === 1);
    await request.commitTransaction();
    await request.release();
    expect(await removing).toEqual([]);
    expect(await tracesOf(database.dataSource, [team.teamId])).toEqual([]);
  });

  it('rests and says why when a row that it does not know of is in its way, and goes on when that is mended', async () => {
    await sql(
      `CREATE TABLE forgotten (owner uuid, task uuid, FOREIGN KEY (owner, task) REFERENCES tasks (team_id, id))`,
    );
    try {
      await sql('INSERT INTO forgotten SELECT team_id, id FROM tasks WHERE team_id = $1', [team.teamId]);
      await remove(team.admin.key, 'Northwind').expect(202);
      expect(await quiesce()).toMatchObject([
        { pipeline: 'team-removal', lane: team.teamId, error: expect.stringContaining('forgotten') },
      ]);
    } finally {
      await sql('DROP TABLE forgotten');
    }
    clock.advance(60_000);
    expect(await quiesce()).toEqual([]);
    expect(await tracesOf(database.dataSource, [team.teamId])).toEqual([]);
  });

  it('knows every table that holds rows of teams, each before those that it refers to', async () => {
    const names = test.app
      .get(TeamData)
      .tables()
      .map(({ name }) => name);
    expect([...names].sort()).toEqual(await tablesOfTeams(database.dataSource));
    const references = await sql<{ from: string; to: string }>(
      `SELECT conrelid::regclass::text AS from, confrelid::regclass::text AS to FROM pg_constraint
       WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND confrelid <> 'teams'::regclass`,
    );
    expect(references.length).toBeGreaterThan(10);
    const early = references.filter(({ from, to }) => names.indexOf(from) > names.indexOf(to));
    expect(early).toEqual([]);
  });
});
