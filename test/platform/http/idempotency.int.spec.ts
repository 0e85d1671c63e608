import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KeptAnswers } from '../../../src/accounts/idempotency/kept-answers.repository.js';
import { TaskStore } from '../../../src/command-center/tasks/task-store.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { bearer, createTestApp, makeTeam, type TestApp, type TestTeam } from '../../support/app.js';
import { takeFaults } from '../../support/api-contract/faults.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { FakeClock } from '../../support/fake-clock.js';

const HOUR = 3_600_000;

describe('Idempotency-Key', () => {
  let database: TestDatabase;
  let test: TestApp;
  let team: TestTeam;
  const clock = new FakeClock();

  beforeAll(async () => {
    database = await createTestDatabase();
    test = await createTestApp({ database, clock });
    team = await makeTeam(test, { reps: 1 });
  });
  afterAll(async () => {
    await test.close();
    await database.drop();
  });

  const admin = () => bearer(team.admin.key);
  const post = (key: string, body: object, path = '/v1/tasks', as = admin()) =>
    test.http.post(path).set(as).set('Idempotency-Key', key).send(body);
  const count = async (name: string) => {
    const rows: { n: number }[] = await database.dataSource.query(
      'SELECT count(*)::int AS n FROM tasks WHERE name = $1',
      [name],
    );
    return rows[0]?.n;
  };

  it('makes one thing and answers alike, ETag and all', async () => {
    const first = await post('once', { name: 'Once', due_date: '2026-03-05' }).expect(201);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    // However the fields are ordered.
    const again = await post('once', { due_date: '2026-03-05', name: 'Once' }).expect(201);
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true', etag: first.headers.etag });
    expect(again.text).toBe(first.text);
    expect(await count('Once')).toBe(1);
    await post('another', { name: 'Once', due_date: '2026-03-05' }).expect(201);
    expect(await count('Once')).toBe(2);
  });

  it('refuses the same key with another request', async () => {
    await post('reused', { name: 'Reused' }).expect(201);
    for (const answer of [
      await post('reused', { name: 'Else' }),
      await post('reused', { name: 'Reused' }, '/v1/people'),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([422, 'idempotency_key_reused']);
    }
  });

  it("is the caller's own", async () => {
    const rep = bearer(team.reps[0]!.key);
    const mine = await post('own', { name: 'Mine' }).expect(201);
    const theirs = await post('own', { name: 'Mine' }, '/v1/tasks', rep).expect(201);
    expect(theirs.body.id).not.toBe(mine.body.id);
    const other = await makeTeam(test, { name: 'Other', reps: 0 });
    await post('own', { name: 'Mine' }, '/v1/tasks', bearer(other.admin.key)).expect(201);
  });

  it('must be 1 to 255 visible ASCII characters', async () => {
    for (const key of ['', 'a b', 'x'.repeat(256), 'é']) {
      const { status, body } = await post(key, { name: 'No' });
      expect([key, status, body.errors?.[0]?.field]).toEqual([key, 400, 'Idempotency-Key']);
    }
    await post(`~!${'x'.repeat(253)}`, { name: 'Yes' }).expect(201);
    expect(await count('No')).toBe(0);
  });

  it('keeps no refusal: mended, the same key goes on', async () => {
    await post('mended', { name: '' }).expect(400);
    await post('mended', { name: 'Mended' }).expect(201);
  });

  it('two at once make one thing; the other is told to come back, or gets the first answer', async () => {
    for (let round = 0; round < 50; round++) {
      const name = `Round-${round}`;
      const answers = await Promise.all(
        [post(name, { name }), post(name, { name })].map((call) => call.then((a) => a)),
      );
      expect(answers.filter(({ status, headers }) => status === 201 && !headers['idempotency-replayed'])).toHaveLength(
        1,
      );
      for (const { status, body, headers } of answers.filter(({ status }) => status !== 201)) {
        expect([status, body.code, headers['retry-after']]).toEqual([409, 'idempotency_in_progress', '1']);
      }
      const last = await post(name, { name }).expect(201);
      expect(last.headers['idempotency-replayed']).toBe('true');
      expect(await count(name)).toBe(1);
    }
  });

  it('many at once do not take the connections from each other', async () => {
    const keys = Array.from({ length: 30 }, (_, n) => `many-${n}`);
    const answers = await Promise.all(keys.map(async (key) => post(key, { name: 'Many' })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await count('Many')).toBe(30);
  });

  it('is taken by every route that makes something', async () => {
    const { body } = await test.http.get('/openapi.json').expect(200);
    const paths = body.paths as Record<string, { post?: { parameters?: { name: string }[]; responses: object } }>;
    const without = Object.entries(paths).flatMap(([path, { post: made }]) =>
      made && '201' in made.responses && !made.parameters?.some(({ name }) => name === 'Idempotency-Key') ? [path] : [],
    );
    expect(without).toEqual([]);
    for (const path of ['/v1/tasks', '/v1/tasks/bulk', '/v1/salesforce/task-sync/reconcile']) {
      expect(paths[path]?.post?.responses).toMatchObject({ 409: expect.anything(), 422: expect.anything() });
    }
  });

  it('makes nothing when its answer cannot be kept, and frees the key', async () => {
    const kept = test.app.get(KeptAnswers);
    kept.keep = () => Promise.reject(new Error('killed between the creation and its answer'));
    await post('killed', { name: 'Killed' }).expect(500);
    expect(takeFaults()).toEqual([expect.stringContaining('POST /v1/tasks → 500')]);
    Reflect.deleteProperty(kept, 'keep');
    expect(await count('Killed')).toBe(0);
    await post('killed', { name: 'Killed' }).expect(201);
    expect(await count('Killed')).toBe(1);
  });

  it('needs no second connection, so that many at once cannot wait for each other', async () => {
    const narrow = await createTestApp({ database, clock, env: { DATABASE_POOL: '2' } });
    const bodies: Record<string, (n: number) => object> = {
      '/v1/tasks': (n) => ({ name: `Task ${n}` }),
      '/v1/people': (n) => ({ name: `Person ${n}` }),
      '/v1/users': (n) => ({ name: `User ${n}`, email: `narrow-user-${n}@example.com` }),
      '/v1/invitations': (n) => ({ name: `Guest ${n}`, email: `narrow-guest-${n}@example.com` }),
      '/v1/api-keys': (n) => ({ name: `Key ${n}` }),
    };
    const all = Object.entries(bodies).flatMap(([path, bodyOf]) =>
      Array.from({ length: 8 }, async (_, n) => {
        const headers = { ...bearer(team.admin.key), 'Idempotency-Key': `narrow-${path}-${n}` };
        return (await narrow.http.post(path).set(headers).send(bodyOf(n))).status;
      }),
    );
    expect(new Set(await Promise.all(all))).toEqual(new Set([201]));
    await narrow.close();
  });

  it('is free again when the process that has it is cut off', async () => {
    const [id, key] = [{ teamId: team.teamId, actor: `user:${team.admin.userId}` }, 'cut'];
    const connection = database.dataSource.createQueryRunner();
    await connection.startTransaction();
    await connection.query('SELECT pg_backend_pid()');
    const tx = { query: (sql: string, values: unknown[]) => connection.query(sql, values) };
    await test.app.get(KeptAnswers).lock(tx as never, { ...id, key });
    expect((await post(key, { name: 'Cut' })).status).toBe(409);
    await connection.rollbackTransaction();
    await connection.release();
    await post(key, { name: 'Cut' }).expect(201);
  });

  it('does the work again after a deadlock, once', async () => {
    const store = test.app.get(TaskStore);
    const insert = store.insert.bind(store);
    let failures = 0;
    store.insert = async (tx, ...rest) => {
      await insert(tx, ...rest);
      if (failures++ === 0) await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$`);
    };
    await post('deadlock', { name: 'Deadlock' }).expect(201);
    Reflect.deleteProperty(store, 'insert');
    expect([failures, await count('Deadlock')]).toEqual([2, 1]);
  });

  it('covers all of a bulk action, item by item', async () => {
    const made = await post('bulk-task', { name: 'Bulk' }).expect(201);
    const body = { ids: [made.body.id, '00000000-0000-7000-8000-000000000001'], action: 'complete' };
    const first = await post('bulk', body, '/v1/tasks/bulk').expect(200);
    const again = await post('bulk', body, '/v1/tasks/bulk').expect(200);
    expect([again.text, again.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
    const history = await test.http.get(`/v1/tasks/${made.body.id}/history`).set(admin()).expect(200);
    expect(history.body.data).toHaveLength(2);
  });

  it('answers a secret again, which nobody finds in the database', async () => {
    const first = await post('secret', { name: 'Export' }, '/v1/api-keys').expect(201);
    const again = await post('secret', { name: 'Export' }, '/v1/api-keys').expect(201);
    expect(again.body).toEqual(first.body);
    const rows = await database.dataSource.query('SELECT * FROM kept_answers');
    expect(JSON.stringify(rows)).not.toContain((first.body.key as string).split('_')[2]);
  });

  it('lasts for 24 hours', async () => {
    await post('expires', { name: 'Expires' }).expect(201);
    clock.advance(24 * HOUR - 1000);
    expect((await post('expires', { name: 'Expires' })).headers['idempotency-replayed']).toBe('true');
    clock.advance(1000);
    await post('expires', { name: 'New' }).expect(201);
    expect((await post('expires', { name: 'New' })).headers['idempotency-replayed']).toBe('true');
    expect(await test.app.get(KeptAnswers).removeExpired()).toBeGreaterThan(50);
    expect(await database.dataSource.query('SELECT key FROM kept_answers')).toEqual([{ key: 'expires' }]);
  });

  it('tells nobody of what was undone', async () => {
    const transactions = test.app.get(Transactions);
    const told: string[] = [];
    const tell = (what: string, failure?: Error) =>
      transactions.run((tx) => {
        tx.afterCommit(() => void told.push(what));
        return failure ? Promise.reject(failure) : Promise.resolve();
      });
    await transactions.run((tx) =>
      transactions.within(tx, async () => {
        await tell('kept');
        await expect(tell('undone', new Error('undone'))).rejects.toThrow('undone');
        expect(told).toEqual([]);
      }),
    );
    expect(told).toEqual(['kept']);
  });
});
