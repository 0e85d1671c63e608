import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Quiescence } from '../../src/platform/pipelines/quiescence.js';
import { freePort } from '../../src/sandbox/servers/free-port.js';
import { bearer, createTestApp, makeTeam, type TestApp, type TestTeam } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { runSource } from '../support/run-process.js';
import { rowsOfTeam, tracesOf } from '../support/team-rows.js';
import { until } from '../support/until.js';

jest.setTimeout(180_000);

const TASKS = 12_000;

describe('processes and the deletion of a team', () => {
  let database: TestDatabase;
  let test: TestApp;
  let other: TestTeam;
  let port: number;
  const environment = () => ({
    DATABASE_URL: database.url,
    REDIS_URL: String(process.env.TEST_REDIS_URL),
    REDIS_PREFIX: `team-removal-${process.pid}`,
    ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    PORT: String(port),
  });

  beforeAll(async () => {
    database = await createTestDatabase();
    port = await freePort();
    test = await createTestApp({ database });
    other = await makeTeam(test, { name: 'Other' });
  });
  afterAll(async () => {
    await test.close();
    await database.drop();
  });

  const addTasks = ({ teamId, reps }: TestTeam, count: number) =>
    database.dataSource.query(
      `INSERT INTO tasks (team_id, id, type, name, assignee_id)
       SELECT $1, gen_random_uuid(), 'custom', 'task ' || n, $2 FROM generate_series(1, $3::int) n`,
      [teamId, reps[0]?.userId, count],
    );
  const tasksOf = async ({ teamId }: TestTeam) => {
    const sql = 'SELECT count(*)::int AS count FROM tasks WHERE team_id = $1';
    const [row]: { count: number }[] = await database.dataSource.query(sql, [teamId]);
    return row?.count ?? 0;
  };
  const isBlocked = async () => {
    const sql = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    const rows: unknown[] = await database.dataSource.query(sql);
    return rows.length > 0;
  };

  it('a worker that is killed between two batches leaves the rest to the next one, which ends it', async () => {
    const team = await makeTeam(test, { name: 'Northwind' });
    await addTasks(team, TASKS);
    await addTasks(other, 100);
    const before = await rowsOfTeam(database.dataSource, other.teamId);
    // The last of its tasks cannot be removed yet: the worker stands in its last batch, with the others committed.
    const holding = database.dataSource.createQueryRunner();
    await holding.startTransaction();
    await holding.query(
      'SELECT 1 FROM tasks WHERE ctid = (SELECT max(ctid) FROM tasks WHERE team_id = $1) FOR UPDATE',
      [team.teamId],
    );
    await test.http.delete('/v1/team').set(bearer(team.admin.key)).send({ name: 'Northwind' }).expect(202);
    const worker = runSource('src/main.ts', [], { ...environment(), ROLE: 'worker' });
    try {
      const ended = worker.ended.then(() => Promise.reject(new Error(`The worker ended: ${worker.output()}`)));
      await Promise.race([until(async () => (await tasksOf(team)) < TASKS && (await isBlocked()), 90_000), ended]);
    } finally {
      worker.child.kill('SIGKILL');
      await worker.ended;
      await holding.rollbackTransaction();
      await holding.release();
    }
    await until(async () => !(await isBlocked()));
    expect(await tasksOf(team)).toBeGreaterThan(0);
    expect(await tracesOf(database.dataSource, [team.teamId])).not.toEqual([]);

    // Its lease runs out, and the removal is due as before.
    await database.dataSource.query(`UPDATE lanes SET lease_until = clock_timestamp() - interval '1 second'`);
    expect(await test.app.get(Quiescence).drainAllDue()).toEqual([]);
    expect(await tracesOf(database.dataSource, [team.teamId])).toEqual([]);
    expect(await rowsOfTeam(database.dataSource, other.teamId)).toEqual(before);
  });

  it('an operator deletes one on the command line by its id and exact name', async () => {
    const team = await makeTeam(test, { name: 'Southwind' });
    const cli = async (...args: string[]) => {
      const run = runSource('src/cli.ts', ['team', ...args], environment());
      const code = await run.ended;
      return { code, output: run.output().trim() };
    };
    const remove = (name: string) => cli('delete', '--team', team.teamId, '--name', name, '--json');
    const [wrong, nobody] = await Promise.all([
      remove('southwind'),
      cli('delete', '--team', 'x', '--name', 'Southwind'),
    ]);
    expect(wrong).toMatchObject({ code: 1, output: expect.stringMatching(/^Send the exact name of the team/) });
    expect(nobody).toEqual({ code: 1, output: 'There is no such team.' });
    expect((await test.http.get('/v1/me').set(bearer(team.admin.key))).status).toBe(200);
    const done = await remove('Southwind');
    expect(JSON.parse(done.output)).toEqual({
      team_id: team.teamId,
      name: 'Southwind',
      deleted_at: expect.any(String),
    });
    expect((await test.http.get('/v1/me').set(bearer(team.admin.key))).status).toBe(401);
    const listed = await cli('list');
    expect(listed.output).toContain('Other');
    expect(listed.output).not.toContain('Southwind');
  });
});
