import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Quiescence } from '../../src/platform/pipelines/quiescence.js';
import {
  bearer,
  createTestApp,
  makeTeam,
  makeUser,
  type TestApp,
  type TestTeam,
  type TestUser,
} from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let test: TestApp;
let team: TestTeam;
let leaver: TestUser;
let heir: TestUser;

beforeAll(async () => {
  database = await createTestDatabase();
  test = await createTestApp({ database });
});
afterAll(async () => {
  await test.close();
  await database.drop();
});
beforeEach(async () => {
  team = await makeTeam(test, { name: 'Northwind', reps: 0 });
  [leaver, heir] = [await makeUser(test, team.teamId), await makeUser(test, team.teamId)];
});

const worked = () => test.app.get(Quiescence).drainAllDue();
const deactivate = (userId: string, body: object, as = team.admin) =>
  test.http.post(`/v1/users/${userId}/deactivation`).set(bearer(as.key)).send(body);
const look = async (userId: string) =>
  (await test.http.get(`/v1/users/${userId}/deactivation`).set(bearer(team.admin.key)).expect(200)).body;
const make = async (path: string, body: object, as = leaver): Promise<{ id: string }> =>
  (await test.http.post(path).set(bearer(as.key)).send(body).expect(201)).body;
const tasksOf = async (user: TestUser): Promise<string[]> =>
  (await test.http.get('/v1/tasks?view=all&limit=200').set(bearer(user.key)).expect(200)).body.data.map(
    ({ name }: { name: string }) => name,
  );
const isTasks = ({ kind }: { kind: string }) => kind === 'tasks';
const isActive = async (userId: string): Promise<boolean> =>
  (await test.http.get(`/v1/users/${userId}`).set(bearer(team.admin.key)).expect(200)).body.active;

describe('the deactivation of a user', () => {
  it.each(['with', 'without'])('forgets the passwords of their own mail servers, %s an heir', async (how) => {
    const server = { host: '127.0.0.1', port: 2525, security: 'none', username: 'me', password: 'secret' };
    const own = await make('/v1/channels', { name: 'Own', ...server });
    const shared = await make('/v1/channels', { name: 'Shared', ...server, team: true }, team.admin);
    const theirs = await make('/v1/channels', { name: 'Theirs', ...server }, heir);
    await deactivate(leaver.userId, how === 'with' ? { hand_over_to: heir.userId } : {}).expect(202);
    await worked();

    const { body } = await test.http.get('/v1/channels').set(bearer(team.admin.key)).expect(200);
    expect(body.data.map(({ id }: { id: string }) => id).sort()).toEqual([shared.id, theirs.id].sort());
    const [row] = await database.dataSource.query('SELECT password_sealed FROM delivery_channels WHERE id = $1', [
      own.id,
    ]);
    expect(row).toEqual({ password_sealed: null });
  });

  it('hands their open tasks, people, groups and templates to the heir; what is done stays in their name', async () => {
    const grace = await make('/v1/people', { name: 'Grace' });
    const call = await make('/v1/tasks', { name: 'Call Grace', person_id: grace.id });
    const done = await make('/v1/tasks', { name: 'Done' });
    await make('/v1/groups', { name: 'Fair' });
    await make('/v1/groups', { name: 'Trip' });
    await make('/v1/groups', { name: 'fair' }, heir);
    const letter = await make('/v1/templates', { name: 'Letter', subject: 'Hello', body: 'Hi' });
    await test.http.post(`/v1/tasks/${done.id}/complete`).set(bearer(leaver.key)).send({}).expect(200);
    expect(await look(leaver.userId)).toMatchObject({
      active: true,
      holds: [
        { kind: 'groups', held: 2 },
        { kind: 'people', held: 1 },
        { kind: 'tasks', held: 1 },
        { kind: 'templates', held: 1 },
      ],
      hand_over: null,
    });

    const { body } = await deactivate(leaver.userId, { hand_over_to: heir.userId }).expect(202);
    expect(body).toMatchObject({ active: false, hand_over: { state: 'running', to: { id: heir.userId } } });
    await test.http.get('/v1/me').set(bearer(leaver.key)).expect(401);
    await worked();

    expect(await look(leaver.userId)).toMatchObject({
      holds: [
        { kind: 'groups', held: 0, moved: 2, kept: 0 },
        { kind: 'people', held: 0, moved: 1, kept: 0 },
        { kind: 'tasks', held: 0, moved: 1, kept: 0 },
        { kind: 'templates', held: 0, moved: 1, kept: 0 },
      ],
      hand_over: { state: 'done', kept_because: null },
    });
    expect(await tasksOf(heir)).toEqual(['Call Grace']);
    const groups = await test.http.get('/v1/groups').set(bearer(heir.key)).expect(200);
    expect(groups.body.data).toMatchObject([
      { name: 'fair', owner: { id: heir.userId } },
      { name: expect.stringMatching(/^Fair \(of .+, [0-9a-f]{4}\)$/), owner: { id: heir.userId } },
      { name: 'Trip', owner: { id: heir.userId } },
    ]);
    const person = await test.http.get(`/v1/people/${grace.id}`).set(bearer(heir.key)).expect(200);
    expect(person.body.owner).toMatchObject({ id: heir.userId });
    const template = await test.http.get(`/v1/templates/${letter.id}`).set(bearer(heir.key)).expect(200);
    expect(template.body.owner).toMatchObject({ id: heir.userId });
    const history = await test.http.get(`/v1/tasks/${call.id}/history`).set(bearer(heir.key)).expect(200);
    expect(history.body.data[0]).toMatchObject({ who: { id: `user:${team.admin.userId}` } });
    const kept = await test.http.get(`/v1/tasks/${done.id}`).set(bearer(team.admin.key)).expect(200);
    expect(kept.body.assignee.id).toBe(leaver.userId);
    const audit = await test.http.get(`/v1/audit?target=${leaver.userId}`).set(bearer(team.admin.key)).expect(200);
    const actions = audit.body.data.map(({ action }: { action: string }) => action);
    expect(actions.slice(0, 2)).toEqual(['user.handed_over', 'user.deactivated']);
  });

  it('moves more than a batch, each once', async () => {
    await database.dataSource.query(
      `INSERT INTO tasks (team_id, id, type, name, assignee_id)
       SELECT $1, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'custom', 'Task ' || n, $2 FROM generate_series(1, 1234) n`,
      [team.teamId, leaver.userId],
    );
    await deactivate(leaver.userId, { hand_over_to: heir.userId }).expect(202);
    await worked();
    expect((await look(leaver.userId)).holds.find(isTasks)).toEqual({ kind: 'tasks', held: 0, moved: 1234, kept: 0 });
    const changes = await database.dataSource.query(
      `SELECT task_id FROM task_changes WHERE team_id = $1 AND field = 'assignee_id' AND new_value = $2`,
      [team.teamId, heir.userId],
    );
    expect([changes.length, new Set(changes.map((row: { task_id: string }) => row.task_id)).size]).toEqual([
      1234, 1234,
    ]);
  });

  it('without an heir leaves all as it is, to be handed over later', async () => {
    await make('/v1/tasks', { name: 'Later' });
    await deactivate(leaver.userId, {}).expect(202);
    await worked();
    expect(await look(leaver.userId)).toMatchObject({ active: false, hand_over: null });
    await deactivate(leaver.userId, { hand_over_to: heir.userId }).expect(202);
    await worked();
    expect(await tasksOf(heir)).toEqual(['Later']);
  });

  it('is refused whole where the heir cannot be one', async () => {
    const other = await makeTeam(test, { name: 'Other', reps: 1 });
    const gone = await makeUser(test, team.teamId);
    await deactivate(gone.userId, {}).expect(202);
    for (const id of [leaver.userId, gone.userId, other.reps[0]!.userId, '018f0000-0000-7000-8000-000000000000', 'x']) {
      const { status, body } = await deactivate(leaver.userId, { hand_over_to: id });
      expect([status, body.errors?.[0]?.field]).toEqual([400, 'hand_over_to']);
    }
    expect(await isActive(leaver.userId)).toBe(true);
    await deactivate(leaver.userId, {}, heir).expect(403);
    await deactivate(other.reps[0]!.userId, {}).expect(404);
  });

  it('is refused for the last admin, with an heir or without', async () => {
    for (const body of [{}, { hand_over_to: heir.userId }]) {
      expect((await deactivate(team.admin.userId, body)).status).toBe(409);
    }
    expect(await isActive(team.admin.userId)).toBe(true);
  });

  it('asked for twice is one; a second heir waits until the first handing over is done', async () => {
    await make('/v1/tasks', { name: 'Once' });
    const third = await makeUser(test, team.teamId);
    await deactivate(leaver.userId, { hand_over_to: heir.userId }).expect(202);
    await deactivate(leaver.userId, { hand_over_to: heir.userId }).expect(202);
    expect((await deactivate(leaver.userId, { hand_over_to: third.userId })).status).toBe(409);
    await worked();
    expect(await tasksOf(heir)).toEqual(['Once']);
    await deactivate(leaver.userId, { hand_over_to: third.userId }).expect(202);
  });

  it('of two admins at once with different heirs one decides', async () => {
    const third = await makeUser(test, team.teamId);
    for (let round = 0; round < 5; round++) {
      const { userId } = await makeUser(test, team.teamId);
      const answers = await Promise.all([heir, third].map((to) => deactivate(userId, { hand_over_to: to.userId })));
      expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    }
  });

  it('stops when the heir leaves too, and goes on to another', async () => {
    await make('/v1/tasks', { name: 'Orphan' });
    const third = await makeUser(test, team.teamId);
    await deactivate(leaver.userId, { hand_over_to: heir.userId }).expect(202);
    await deactivate(heir.userId, { hand_over_to: third.userId }).expect(202);
    await worked();
    expect((await look(leaver.userId)).hand_over).toMatchObject({
      state: 'stopped',
      stopped_because: 'Who takes over was deactivated: choose somebody else.',
    });
    await deactivate(leaver.userId, { hand_over_to: third.userId }).expect(202);
    await worked();
    expect(await tasksOf(third)).toEqual(['Orphan']);
  });

  it('takes along what was opened again behind its back', async () => {
    const old = await make('/v1/tasks', { name: 'Old' });
    await test.http.post(`/v1/tasks/${old.id}/complete`).set(bearer(leaver.key)).send({}).expect(200);
    await make('/v1/tasks', { name: 'New' });
    // While the newer one moves, the older one is opened again.
    await database.dataSource.query(`
      CREATE FUNCTION open_again() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN UPDATE tasks SET status = 'open', closed_at = NULL WHERE name = 'Old'; RETURN NEW; END $$;
      CREATE TRIGGER open_again AFTER UPDATE ON tasks FOR EACH ROW WHEN (NEW.name = 'New') EXECUTE FUNCTION open_again()`);
    await deactivate(leaver.userId, { hand_over_to: heir.userId }).expect(202);
    await worked();
    await database.dataSource.query('DROP TRIGGER open_again ON tasks; DROP FUNCTION open_again');
    expect((await tasksOf(heir)).sort()).toEqual(['New', 'Old']);
    expect((await look(leaver.userId)).hand_over).toMatchObject({ state: 'done' });
  });

  it('stops when they are activated again', async () => {
    await make('/v1/tasks', { name: 'Mine still' });
    await deactivate(leaver.userId, { hand_over_to: heir.userId }).expect(202);
    await test.http
      .patch(`/v1/users/${leaver.userId}`)
      .set({ ...bearer(team.admin.key), 'If-Match': '*' })
      .send({ active: true })
      .expect(200);
    await worked();
    expect((await look(leaver.userId)).hand_over).toMatchObject({ state: 'stopped' });
    expect(await tasksOf(leaver)).toEqual(['Mine still']);
  });

  it('a failure in the middle undoes its batch only, and the next try goes on', async () => {
    await database.dataSource.query(
      `INSERT INTO tasks (team_id, id, type, name, assignee_id)
       SELECT $1, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'custom', 'Task ' || n, $2 FROM generate_series(1, 1100) n`,
      [team.teamId, leaver.userId],
    );
    await make('/v1/tasks', { name: 'Last' });
    await database.dataSource.query(`
      CREATE FUNCTION refuse_last() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$;
      CREATE TRIGGER refuse_last BEFORE UPDATE ON tasks FOR EACH ROW WHEN (NEW.name = 'Last') EXECUTE FUNCTION refuse_last()`);
    await deactivate(leaver.userId, { hand_over_to: heir.userId }).expect(202);
    const resting = await worked();
    expect(resting).toHaveLength(1);
    expect((await look(leaver.userId)).holds.find(isTasks)).toMatchObject({ held: 101, moved: 1000 });
    await database.dataSource.query('DROP TRIGGER refuse_last ON tasks; DROP FUNCTION refuse_last');
    await database.dataSource.query('UPDATE lanes SET retry_at = NULL');
    await worked();
    expect((await look(leaver.userId)).holds.find(isTasks)).toMatchObject({ held: 0, moved: 1101 });
  });
});
