import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { dirname, join } from 'node:path';
import { compare } from '../../../src/sandbox/start/compare.js';
import { readRows, readThere, select } from '../../../src/sandbox/start/compare-read.js';
import type { ThereTask } from '../../../src/sandbox/start/compare-types.js';
import { untilQuiet } from '../../../src/sandbox/start/once/quiescence.js';
import { Fleet } from '../../fleet/fleet.js';
import { Killer } from '../../fleet/killer.js';
import { seeded } from '../../fleet/random.js';
import { buildPrograms } from '../../sandbox/start/built.js';
import { setTimeout as delay } from 'node:timers/promises';
import { makeChanges } from './killed-changes.js';

const TASKS = 20_000;
const random = seeded(20_260_304);
// Slices last a while, as with the real Salesforce: so that kills meet them.
const SLOW = { match: { path: '/services/data' }, times: null, effect: { latencyMs: 150 } };

/** Real processes share the machine with whoever asks: not too often. */
async function eventually(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 180_000; !(await condition()); await delay(100)) {
    if (performance.now() > deadline) throw new Error(`Not within 3 minutes: ${condition.toString()}`);
  }
}

describe('real workers, killed', () => {
  let programs: { start: string; remove(): void };
  let fleet: Fleet;
  let before: ThereTask[];
  const killers: Killer[] = [];
  beforeAll(async () => {
    programs = await buildPrograms();
    fleet = await Fleet.start({
      code: dirname(programs.start),
      redisFolder: join(process.cwd(), '.sandbox', 'redis'),
      tasks: TASKS,
      workers: 2,
      env: { SALESFORCE_POLL_SECONDS: '2', SWEEP_SECONDS: '1' },
    });
    before = await readThere(fleet.orgDatabaseUrl);
  }, 180_000);
  afterAll(async () => {
    await Promise.allSettled(killers.map((killer) => killer.stop()));
    await fleet?.stop();
    programs?.remove();
  });

  const here = <Row extends object>(sql: string) => select<Row>(fleet.databaseUrl, sql);
  const there = <Row extends object>(sql: string) => select<Row>(fleet.orgDatabaseUrl, sql);
  const fault = (body: object) =>
    fetch(`${fleet.sandbox.org.url}/sandbox/faults`, { method: 'POST', body: JSON.stringify(body) });
  const clearFaults = () => fetch(`${fleet.sandbox.org.url}/sandbox/faults`, { method: 'DELETE' });
  const startKiller = (most: number) => {
    const killer = new Killer(fleet, { random, everyMs: [700, 1_800], most });
    killers.push(killer);
    return killer;
  };
  const turnOn = (reps: Fleet['sandbox']['team']['reps']) =>
    fleet.sandbox.sync.turnOn(
      reps.map((rep) => rep.userId),
      'all',
    );
  const holder = async (): Promise<number> => {
    const [row] = await here<{ pid: string }>(
      `SELECT split_part(holder, ':', 2) AS pid FROM lanes WHERE lease_until > clock_timestamp()`,
    );
    return Number(row?.pid ?? 0);
  };

  it('another goes on when the lease of the killed one has run out', async () => {
    await fault({ ...SLOW, effect: { latencyMs: 2_000 } });
    await turnOn(fleet.sandbox.team.reps.slice(0, 1));
    await eventually(async () => (await holder()) > 0);
    const pid = await holder();
    const [victim] = fleet.liveWorkers.filter((worker) => worker.pid === pid);
    if (!victim) throw new Error('Nobody holds the lane.');
    await fleet.killWorker(victim);
    const killed = performance.now();
    await eventually(async () => ![0, pid].includes(await holder()));
    const seconds = (performance.now() - killed) / 1000;
    // 15 s at most, a sweep, and what a busy machine adds.
    expect(seconds).toBeLessThan(25);
    await fleet.addWorker();
    await clearFaults();
  }, 120_000);

  it('again and again, they still sync each task once, and lose none', async () => {
    const { sync, team } = fleet.sandbox;
    await fault(SLOW);
    const first = startKiller(8);
    expect(await turnOn(team.reps)).toEqual([]);
    await eventually(async () => (await sync.enrolments()).every(({ state }) => state === 'synced'));
    await first.stop();

    const second = startKiller(16);
    const redis = new Redis(fleet.redisUrl, { lazyConnect: true });
    redis.on('error', () => undefined);
    const disasters = [
      () => redis.flushall(),
      () => fleet.crashPostgres(),
      () => fleet.restartRedis(),
      () => redis.flushall().catch(() => undefined),
    ];
    await makeChanges(fleet, disasters, (round) => eventually(() => Promise.resolve(second.kills > 2 * round)));
    await second.stop();
    redis.disconnect();
    await clearFaults();
    await untilQuiet(sync);

    // Each of the two databases is counted by itself, and then both are compared row by row.
    expect(
      await here(`SELECT salesforce_id FROM task_links WHERE salesforce_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1`),
    ).toEqual([]);
    expect(await here(`SELECT task_id FROM task_links GROUP BY 1 HAVING count(*) > 1`)).toEqual([]);
    expect(
      await there(
        `SELECT split_part(command_center_key, '.', 1) AS task FROM sf_task WHERE command_center_key IS NOT NULL
         GROUP BY 1 HAVING count(*) > 1`,
      ),
    ).toEqual([]);
    const [made] = await here<{ count: string }>('SELECT count(*) FROM tasks WHERE created_by IS NOT NULL');
    expect(Number(made?.count)).toBeGreaterThanOrEqual(300);
    expect(await there('SELECT count(*) FROM sf_task WHERE command_center_key IS NOT NULL')).toEqual([made]);
    expect(await there('SELECT count(*) FROM sf_task')).toEqual([
      { count: String(before.length + Number(made?.count)) },
    ]);
    expect(
      await here(`SELECT parked_code, frozen, deleted_there, attempts, sent, count(*) FROM task_links
                  WHERE due_since IS NOT NULL OR sent IS NOT NULL GROUP BY 1, 2, 3, 4, 5`),
    ).toEqual([]);
    const result = compare(await readRows(fleet.databaseUrl, fleet.orgDatabaseUrl, before));
    expect(result.differences.slice(0, 5)).toEqual([]);
    expect(result.there).toBe(result.here);
    expect(await sync.problems()).toEqual([]);

    const kills = first.kills + second.kills;
    const hits = first.hits + second.hits;
    expect(kills).toBeGreaterThanOrEqual(8);
    expect(hits).toBeGreaterThanOrEqual(3);
  }, 300_000);
});
