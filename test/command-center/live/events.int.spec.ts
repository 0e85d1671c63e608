import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { ApiKeysService } from '../../../src/accounts/api-keys.service.js';
import { UsersService } from '../../../src/accounts/users.service.js';
import { LiveFeed } from '../../../src/command-center/live/live-feed.repository.js';
import { LiveHints } from '../../../src/command-center/live/live-hints.js';
import { LivePolicy } from '../../../src/command-center/live/live-policy.js';
import { LiveStreams } from '../../../src/command-center/live/live-streams.js';
import { LiveTrim } from '../../../src/command-center/live/live-trim.js';
import type { TaskView } from '../../../src/command-center/tasks/tasks.dto.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { bearer, createTestApp, makeTeam, type TestApp, type TestTeam, type TestUser } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { FakeClock } from '../../support/fake-clock.js';
import { until } from '../../support/until.js';
import { Listener } from './listener.js';

// Two api processes on one database and one Redis. Neither looks by itself: what arrives was announced.
const clock = new FakeClock();
const policy = Object.assign(new LivePolicy(), { pollMs: 600_000, flushMs: 20, heartbeatMs: 600_000, recheckMs: 50 });
let database: TestDatabase;
let one: TestApp;
let two: TestApp;
let team: TestTeam;
let anna: TestUser;
let ben: TestUser;
const open: Listener[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const env = { REDIS_PREFIX: `live-${randomBytes(6).toString('hex')}` };
  const options = { database, clock, env, overrides: [[LivePolicy, policy]] as const };
  one = await createTestApp(options);
  two = await createTestApp(options);
  team = await makeTeam(one);
  [anna, ben] = team.reps as [TestUser, TestUser];
});

afterEach(async () => {
  for (const listener of open.splice(0)) listener.close();
  await until(() => [one, two].every(({ app }) => app.get(LiveStreams).size === 0));
});

afterAll(async () => {
  await one.close();
  await two.close();
  await database.drop();
});

async function listen(app: TestApp, key: string, lastEventId?: string): Promise<Listener> {
  const listener = await Listener.open(app, key, lastEventId);
  open.push(listener);
  return listener;
}

async function createTask(app: TestApp, as: TestUser, values: object = {}): Promise<string> {
  const response = await app.http
    .post('/v1/tasks')
    .set(bearer(as.key))
    .send({ type: 'custom', name: 'Call back', ...values });
  expect(response.status).toBe(201);
  return (response.body as TaskView).id;
}

async function act(app: TestApp, as: TestUser, path: string, body: object = {}): Promise<void> {
  const response = await app.http.post(`/v1/tasks/${path}`).set(bearer(as.key)).send(body);
  expect(response.status).toBe(200);
}

const append = (tx: Parameters<LiveFeed['append']>[0], id: string) =>
  one.app
    .get(LiveFeed)
    .append(
      tx,
      [{ teamId: team.teamId, message: { name: 'task', data: { id, change: 'updated' } }, audience: { to: 'team' } }],
      clock.now(),
    );

describe('a stream', () => {
  it('says by its headers that nobody may keep or buffer it', async () => {
    const { status, headers, text } = await listen(one, anna.key);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    expect(headers['content-encoding']).toBeUndefined();
    expect(text).toMatch(/^retry: 2000\nid: \d+\.0\n\n/);
  });

  it('tells of a task made, completed and deleted through another process', async () => {
    const listener = await listen(two, anna.key);
    const id = await createTask(one, anna);
    await until(() => listener.tasks.includes(`created ${id}`));
    await act(one, anna, `${id}/complete`);
    await until(() => listener.tasks.includes(`updated ${id}`));
    expect((await one.http.delete(`/v1/tasks/${id}`).set(bearer(anna.key))).status).toBe(200);
    await until(() => listener.tasks.includes(`deleted ${id}`));
    expect(listener.heard).toHaveLength(3);
  });

  it('tells of a bulk action task by task, and of a large one with one event', async () => {
    const listener = await listen(two, anna.key);
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push(await createTask(one, anna));
    await until(() => listener.heard.length >= 3);
    await act(one, anna, 'bulk', { ids, action: 'complete' });
    await until(() => ids.every((id) => listener.tasks.includes(`updated ${id}`)));
    await database.dataSource.query(
      `INSERT INTO tasks (team_id, id, type, name, assignee_id)
       SELECT $1, gen_random_uuid(), 'custom', 'many', $2 FROM generate_series(1, 60)`,
      [team.teamId, anna.userId],
    );
    const rows: { id: string }[] = await database.dataSource.query(`SELECT id FROM tasks WHERE name = 'many'`);
    const many = rows.map(({ id }) => id);
    const before = listener.heard.length;
    await act(one, anna, 'bulk', { ids: many, action: 'complete' });
    await until(() => listener.tasks.includes('updated null'));
    expect(listener.heard).toHaveLength(before + 1);
  });

  it('is refused to a caller who has too many, and to a key that may read nothing of it', async () => {
    for (let n = 0; n < policy.perCaller; n++) open.push(Listener.start(one, anna.key));
    await until(() => open.every(({ lastId }) => lastId !== ''));
    const refused = await one.http.get('/v1/events').set(bearer(anna.key));
    expect([refused.status, (refused.body as { code: string }).code]).toEqual([429, 'too_many_streams']);
    const { text } = await one.app
      .get(ApiKeysService)
      .create(team.teamId, { name: 'people only', userId: null, scopes: ['people:read'] }, 'operator');
    expect((await one.http.get('/v1/events').set(bearer(text))).status).toBe(403);
    expect((await one.http.get('/v1/events')).status).toBe(401);
  });
});

describe('nothing is lost', () => {
  it('when an older transaction commits after a newer one', async () => {
    const listener = await listen(two, team.admin.key);
    let written!: () => void;
    let commit!: () => void;
    const [isWritten, mayCommit] = [new Promise<void>((r) => (written = r)), new Promise<void>((r) => (commit = r))];
    const late = '00000000-0000-7000-8000-000000000001';
    const older = one.app.get(Transactions).run(async (tx) => {
      await append(tx, late);
      written();
      await mayCommit;
    });
    await isWritten;
    const id = await createTask(one, anna);
    // It waits for its turn, rather than passing the older one over.
    await until(() => two.app.get(LiveStreams).size === 1 && listener.status === 200);
    expect(listener.tasks).toEqual([]);
    commit();
    await older;
    await until(() => listener.heard.length === 2);
    expect(listener.tasks).toEqual([`updated ${late}`, `created ${id}`]);
  });

  it('when the connection breaks: what was missed comes once, in any process', async () => {
    const first = await listen(one, anna.key);
    const seen = await createTask(one, anna);
    await until(() => first.tasks.length === 1);
    first.close();
    const missed = [await createTask(two, anna), await createTask(one, anna)];
    const second = await listen(two, anna.key, first.lastId);
    await until(() => second.tasks.length === 2);
    const last = await createTask(one, anna);
    await until(() => second.tasks.length === 3);
    expect(second.tasks).toEqual([...missed, last].map((id) => `created ${id}`));
    expect(second.tasks).not.toContain(`created ${seen}`);
    const third = await listen(one, anna.key, second.lastId);
    const next = await createTask(two, anna);
    await until(() => third.tasks.length === 1);
    expect(third.tasks).toEqual([`created ${next}`]);
  });

  it('when the hint is: the reader looks by itself', async () => {
    const deaf = { send: () => undefined, listen: () => undefined, onApplicationShutdown: () => undefined };
    const app = await createTestApp({
      database,
      clock,
      overrides: [
        [LiveHints, deaf],
        [LivePolicy, Object.assign(new LivePolicy(), { pollMs: 30 })],
      ],
    });
    const listener = await Listener.open(app, anna.key);
    const id = await createTask(app, anna);
    await until(() => listener.tasks.includes(`created ${id}`));
    await app.close();
    await until(() => listener.ended);
  });

  it('silently: who was away for too long, or somewhere else, is told to begin anew', async () => {
    const first = await listen(one, anna.key);
    await createTask(one, anna);
    await until(() => first.tasks.length === 1);
    const old = first.heard[0]!.id;
    for (const wrong of ['yesterday', '1', '-1.2', '9000000000000000000.1', '99999999999999999999.1']) {
      const listener = await listen(two, anna.key, wrong);
      await until(() => listener.heard.length === 1);
      expect(listener.heard[0]).toMatchObject({ name: 'reset', data: {} });
    }
    await createTask(one, anna);
    clock.advance(policy.keptMs + 60_000);
    await one.app.get(LiveTrim).trim();
    const rows: unknown[] = await database.dataSource.query('SELECT 1 FROM live_events');
    expect(rows).toHaveLength(0);
    const late = await listen(two, anna.key, old);
    await until(() => late.heard.length === 1);
    expect(late.heard[0]?.name).toBe('reset');
    // From where that left it, it goes on.
    const again = await listen(one, anna.key, late.lastId);
    const id = await createTask(two, anna);
    await until(() => again.heard.length === 1);
    expect(again.tasks).toEqual([`created ${id}`]);
  });
});

describe('who hears what', () => {
  it('a task reaches whoever may see it, and nobody else', async () => {
    const strangers = await makeTeam(one, { name: 'Southwind' });
    const [a, b, admin, other] = [
      await listen(two, anna.key),
      await listen(two, ben.key),
      await listen(two, team.admin.key),
      await listen(two, strangers.admin.key),
    ];
    const id = await createTask(one, anna);
    const patched = await one.http
      .patch(`/v1/tasks/${id}`)
      .set({ ...bearer(team.admin.key), 'If-Match': '*' })
      .send({ assignee_id: ben.userId });
    expect(patched.status).toBe(200);
    await act(one, ben, `${id}/complete`);
    // One that all of each team hear, so that what came before it has come.
    const shared = await one.http
      .post('/v1/people')
      .set(bearer(team.admin.key))
      .send({ name: 'Sue Shared', shared: true });
    const marks = [
      await createTask(one, team.admin, { person_id: (shared.body as { id: string }).id }),
      await createTask(one, strangers.admin),
    ];
    await until(() => [a, b, admin].every(({ tasks }) => tasks.includes(`created ${marks[0]}`)));
    await until(() => other.tasks.includes(`created ${marks[1]}`));
    const of = ({ heard }: Listener) => heard.filter(({ data }) => data.id === id).length;
    expect([of(a) > 0, of(b) > 0, of(admin) > 0, of(other)]).toEqual([true, true, true, 0]);
    expect(other.heard).toHaveLength(1);
    expect([a, b, admin].some(({ tasks }) => tasks.includes(`created ${marks[1]}`))).toBe(false);
    // Anna is told that it left her, not what Ben did with it.
    const lines: { audience: string[] }[] = await database.dataSource.query(
      `SELECT audience FROM live_events WHERE data->>'id' = $1 ORDER BY xid, id`,
      [id],
    );
    expect(lines.map(({ audience }) => audience.sort())).toEqual([
      [anna.userId],
      [anna.userId, ben.userId].sort(),
      [ben.userId],
    ]);
  });
});

describe('a stream ends', () => {
  it('when its key is revoked, and when its user is deactivated', async () => {
    const { key, text } = await one.app
      .get(ApiKeysService)
      .create(team.teamId, { name: 'short', userId: anna.userId, scopes: [] }, 'operator');
    const stays = await listen(one, anna.key);
    const revoked = await listen(one, text);
    await one.http.delete(`/v1/api-keys/${key.id}`).set(bearer(team.admin.key)).expect(204);
    await until(() => revoked.ended);
    expect(stays.ended).toBe(false);

    const leaver = await listen(one, ben.key);
    await one.app.get(UsersService).update(team.teamId, ben.userId, '*', { active: false });
    await until(() => leaver.ended);
    expect(stays.ended).toBe(false);
  });

  it('of a signed-in browser when its session is', async () => {
    const { SessionsService } = await import('../../../src/accounts/sessions/sessions.service.js');
    const sessions = one.app.get(SessionsService);
    const of = { teamId: team.teamId, userId: anna.userId, method: 'link', userAgent: 'test' } as const;
    const session = await one.app.get(Transactions).run((tx) => sessions.open(tx, of));
    const listener = Listener.with(one, { Cookie: `cc_session=${session.token}`, 'Sec-Fetch-Site': 'same-origin' });
    open.push(listener);
    await until(() => listener.lastId !== '');
    await sessions.revoke(team.teamId, anna.userId, session.id);
    await until(() => listener.ended);
    expect(listener.status).toBe(200);
  });

  it('at shutdown, which does not wait for it', async () => {
    const app = await createTestApp({ database, clock });
    const listeners = [await Listener.open(app, anna.key), await Listener.open(app, team.admin.key)];
    const began = performance.now();
    await app.close();
    expect(performance.now() - began).toBeLessThan(2_000);
    await until(() => listeners.every(({ ended }) => ended));
  });

  it('when the connection breaks: nothing of 200 is left', async () => {
    const wide = Object.assign(new LivePolicy(), { perCaller: 300 });
    const app = await createTestApp({ database, clock, overrides: [[LivePolicy, wide]] });
    const streams = app.app.get(LiveStreams);
    const listeners = Array.from({ length: 200 }, () => Listener.start(app, anna.key));
    // Some at once, some in the middle of opening, some when they are open.
    for (const listener of listeners.slice(0, 50)) listener.close();
    await until(() => streams.size > 100);
    for (const listener of listeners.slice(50, 120)) listener.close();
    await until(() => listeners.slice(120).every(({ lastId }) => lastId !== ''));
    for (const listener of listeners.slice(120)) listener.close();
    await until(() => streams.size === 0);
    await app.close();
  });
});
