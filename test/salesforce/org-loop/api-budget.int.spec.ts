import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, createTestApp } from '../../support/app.js';
import { SyncWorld } from '../../support/sync-world.js';

interface Allowance {
  state: 'free' | 'slow' | 'parked';
  every_seconds: number | null;
  until: string | null;
}

interface ApiUsage {
  used: number;
  limit: number;
  seen_at: string;
  share_percent: number;
  reserve_percent: number;
  ceiling: number;
  reserve: number;
  sentence: string;
  people: Allowance;
  polling: Allowance;
  background: Allowance;
  forecast: { calls_per_hour: number; ceiling_met_at: string | null; ceiling_frees_at: string | null };
  own_calls: number;
  calls: { hour: string; purpose: string; calls: number }[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The org's own count: what it has now, and the most that it had when we called. */
const callsOf = (world: SyncWorld) =>
  world.control<{ used: number; limit: number; peak: number; byKind: Record<string, number> }>('GET', 'calls');
const made = async (world: SyncWorld) =>
  Object.values((await callsOf(world)).byKind).reduce((sum, calls) => sum + calls, 0);
const usageOf = (world: SyncWorld, query = '') => world.call<ApiUsage>('GET', `/v1/salesforce/api-usage${query}`);
const setBudget = (world: SyncWorld, share_percent: number, reserve_percent: number) =>
  world.call<ApiUsage>('PUT', '/v1/salesforce/api-budget', { share_percent, reserve_percent });

/** Lets the clock run as a worker would see it, a look every `step`. */
async function pass(world: SyncWorld, duration: number, step = MINUTE): Promise<void> {
  for (let passed = 0; passed < duration; passed += step) {
    world.clock.advance(step);
    await world.quiesce();
  }
}

/** The limit and how much of it is used now, apart from ours. The first call after it tells us. */
async function limits(world: SyncWorld, daily: number, used: number): Promise<void> {
  const present = (await callsOf(world)).used;
  await world.control('POST', 'limits', { daily, callsElsewhere: used - present });
  await world.control('DELETE', 'calls');
}

describe('the API budget', () => {
  let world: SyncWorld;

  beforeEach(async () => {
    world = await SyncWorld.create({ reps: 2 });
    await world.enrol({ reps: world.reps.slice(0, 1) });
  });
  afterEach(() => world.close());

  it('parks background and polling first, while people’s changes go', async () => {
    await limits(world, 10_000, 7_100);
    await world.sync();
    expect(await usageOf(world)).toMatchObject({
      people: { state: 'free' },
      polling: { state: 'parked' },
      background: { state: 'parked' },
    });
    expect((await usageOf(world)).sentence).toContain('Only the reserve is left: changes made here still go');

    // A second rep turns the sync on: that waits. The first one's changes do not.
    await world.setSync(world.reps.slice(1, 2), true);
    const theirs = await world.createThere({ Subject: 'made there' });
    const ours = await world.createHere({ name: 'made here' });
    await world.quiesce();
    expect((await world.thereOf(ours.id)).Subject).toBe('made here');
    await pass(world, HOUR);
    expect(await world.linkedTo(theirs)).toHaveLength(0);
    const { byKind } = await callsOf(world);
    expect(byKind['queryAll']).toBe(1);
    const runs = await world.call<{ data: unknown[] }>('GET', '/v1/salesforce/task-sync/runs?kind=first_sync');
    expect(runs.data).toHaveLength(1);

    // The window frees: all of it arrives.
    await pass(world, 25 * HOUR, 15 * MINUTE);
    expect(await world.linkedTo(theirs)).toHaveLength(1);
    expect((await callsOf(world)).peak).toBeLessThanOrEqual(8_000);
    expect(await usageOf(world)).toMatchObject({ polling: { state: 'free' }, background: { state: 'free' } });
  });

  it('calls nothing at the ceiling, loses nothing, and doubles nothing', async () => {
    await limits(world, 2_000, 1_560);
    const tasks: { id: string }[] = [];
    // Each change costs calls, until the share is spent.
    for (let n = 0; n < 30; n++) {
      tasks.push(await world.createHere({ name: `change ${n}` }));
      // An edit is read before it is written: the share may end between the two.
      await world.editHere(tasks[0]?.id ?? '', { details: `version ${n}` });
      await world.quiesce();
    }
    const { used, peak } = await callsOf(world);
    expect(peak).toBeLessThanOrEqual(1_600);
    expect(used).toBeGreaterThan(1_570);
    const there = () => world.allThere(`WHERE Subject LIKE 'change %'`);
    const before = (await there()).length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(30);
    expect((await usageOf(world)).sentence).toContain('nothing is called until');
    expect(await usageOf(world)).toMatchObject({ people: { state: 'parked' } });

    // Neither a button nor the passing of hours gets past it.
    for (let press = 0; press < 5; press++) {
      await world.call('POST', '/v1/salesforce/task-sync/sync-now');
      await world.quiesce();
    }
    expect((await callsOf(world)).used).toBe(used);
    await pass(world, 12 * HOUR, 10 * MINUTE);
    expect((await callsOf(world)).peak).toBeLessThanOrEqual(1_600);
    expect(await there()).toHaveLength(before);

    await pass(world, 14 * HOUR, 10 * MINUTE);
    expect((await callsOf(world)).peak).toBeLessThanOrEqual(1_600);
    expect((await there()).map(({ Subject }) => Subject).sort()).toEqual(tasks.map((_, n) => `change ${n}`).sort());
    expect((await world.thereOf(tasks[0]?.id ?? '')).Description).toBe('version 29');
    expect((await world.call<{ data: unknown[] }>('GET', '/v1/salesforce/task-sync/problems')).data).toEqual([]);
    expect((await world.quietCycle()).writes).toBe(0);
  });

  it('calls nothing while others hold the org past the ceiling, and goes on soon after they let go', async () => {
    await limits(world, 10_000, 8_200);
    // The first answer tells it.
    await world.sync();
    const task = await world.createHere({ name: 'waits' });
    const before = await made(world);
    await pass(world, 30 * MINUTE);
    expect(await made(world)).toBe(before);
    // A try that fails is one call, and the next one comes no sooner.
    await world.fault({ path: '/limits' }, { status: 503 }, { times: 1 });
    await pass(world, 70 * MINUTE);
    const [fault] = await world.control<{ struck: number }[]>('GET', 'faults');
    expect(fault?.struck).toBe(1);
    expect(await made(world)).toBe(before);
    // Others' calls are gone a day later; until then the org is asked a few times.
    await pass(world, 20 * HOUR, 15 * MINUTE);
    expect((await made(world)) - before).toBeLessThanOrEqual(20);
    await pass(world, 5 * HOUR, 15 * MINUTE);
    expect((await world.thereOf(task.id)).Subject).toBe('waits');
  });

  it('goes on at once when the admin raises the share', async () => {
    await setBudget(world, 50, 10);
    await limits(world, 10_000, 6_000);
    await world.sync();
    const task = await world.createHere({ name: 'raised' });
    await world.quiesce();
    expect((await world.here(task.id)).salesforce?.state).toBe('waiting');
    await setBudget(world, 90, 10);
    await world.quiesce();
    expect((await world.thereOf(task.id)).Subject).toBe('raised');
  });

  it('stretches polling as the forecast tells, not by buttons', async () => {
    // 70 % are for polling: 100 calls are left for a day, which is one in 14 minutes; 10 are the most.
    await limits(world, 10_000, 6_900);
    await world.sync();
    expect(await usageOf(world)).toMatchObject({ polling: { state: 'slow', every_seconds: 600 } });
    const before = (await callsOf(world)).byKind['queryAll'] ?? 0;
    for (let minute = 0; minute < 60; minute++) {
      await world.call('POST', '/v1/salesforce/task-sync/sync-now');
      await pass(world, MINUTE);
    }
    const polls = ((await callsOf(world)).byKind['queryAll'] ?? 0) - before;
    expect(polls).toBeGreaterThanOrEqual(5);
    expect(polls).toBeLessThanOrEqual(7);
  });

  it('counts retries, by hour and purpose', async () => {
    await world.control('POST', 'faults', { match: { path: '/queryAll' }, times: 2, effect: { status: 503 } });
    const callsOfPull = async () =>
      (await usageOf(world)).calls.reduce((sum, row) => sum + (row.purpose === 'pull' ? row.calls : 0), 0);
    const before = await callsOfPull();
    world.clock.advance(31_000);
    await world.quiesce();
    expect((await callsOfPull()) - before).toBe(3);
  });

  it('refuses a person’s call past the ceiling, with a sentence', async () => {
    const read = () => world.test.http.get('/v1/salesforce/users').set(bearer(world.team.admin.key));
    await limits(world, 10_000, 7_500);
    await world.sync();
    // The reserve is theirs too.
    expect((await read()).status).toBe(200);
    await limits(world, 10_000, 7_904);
    const status = (await world.call<{ advice: string }>('GET', '/v1/salesforce/task-sync/status')).advice;
    expect(status).toContain('is used up for now');
    expect((await read()).status).toBe(200);
    const refused = await read();
    expect(refused.status).toBe(503);
    expect((refused.body as { detail: string }).detail).toContain('an admin can raise the share');
  });

  it('holds the ceiling over several processes', async () => {
    const second = await createTestApp({
      ...{ database: world.database, clock: world.clock },
      env: { SALESFORCE_LOGIN_HOSTS: world.org.url },
    });
    try {
      await limits(world, 1_000, 770);
      const outcomes: number[] = [];
      for (let n = 0; n < 40; n++) {
        await world.createHere({ name: `from the loop ${n}` });
        const people = Array.from({ length: 2 }, () =>
          second.http.get('/v1/salesforce/users').set(bearer(world.team.admin.key)),
        );
        const answers = await Promise.all([...people, world.quiesce().then(() => undefined)]);
        outcomes.push(...answers.flatMap((answer) => answer?.status ?? []));
      }
      expect(new Set(outcomes)).toEqual(new Set([200, 503]));
      expect((await callsOf(world)).peak).toBeLessThanOrEqual(800);
      expect((await callsOf(world)).used).toBeGreaterThanOrEqual(790);
    } finally {
      await second.close();
    }
  });

  it('says how things stand and what to expect', async () => {
    await limits(world, 10_000, 7_990);
    await world.sync();
    const usage = await usageOf(world);
    expect(usage).toMatchObject({
      limit: 10_000,
      share_percent: 80,
      reserve_percent: 10,
      ceiling: 8_000,
      reserve: 1_000,
      people: { state: 'parked', every_seconds: null },
    });
    expect(usage.used).toBe((await callsOf(world)).used);
    expect(Date.parse(usage.people.until ?? '')).toBeGreaterThan(world.clock.now().getTime());
    expect(usage.forecast.calls_per_hour).toBe(usage.own_calls);
    expect(Date.parse(usage.forecast.ceiling_met_at ?? '')).toBeGreaterThan(world.clock.now().getTime());
    expect(usage.forecast.ceiling_frees_at).toBeNull();
    expect(usage.calls.map(({ purpose }) => purpose)).toEqual(expect.arrayContaining(['first sync', 'pull', 'schema']));
    expect(usage.calls.reduce((sum, row) => sum + row.calls, 0)).toBe(usage.own_calls);

    world.clock.advance(48 * HOUR);
    expect((await usageOf(world)).calls).toEqual([]);
    expect((await usageOf(world, '?hours=168')).calls).toEqual(usage.calls);
  });

  it('members neither read nor set it, and what makes no sense is refused', async () => {
    const [rep] = world.reps;
    const as = (key: string) => ({
      read: () => world.test.http.get('/v1/salesforce/api-usage').set(bearer(key)),
      set: (body: object) => world.test.http.put('/v1/salesforce/api-budget').set(bearer(key)).send(body),
    });
    const member = as(rep?.key ?? '');
    expect((await member.read()).status).toBe(403);
    expect((await member.set({ share_percent: 90, reserve_percent: 5 })).status).toBe(403);
    const admin = as(world.team.admin.key);
    for (const body of [
      {},
      { share_percent: 0, reserve_percent: 0 },
      { share_percent: 101, reserve_percent: 0 },
      { share_percent: 50, reserve_percent: 50 },
      { share_percent: 50, reserve_percent: -1 },
      { share_percent: 50.5, reserve_percent: 1 },
    ]) {
      expect([body, (await admin.set(body)).status]).toEqual([body, 400]);
    }
    const set = await admin.set({ share_percent: 60, reserve_percent: 5 });
    expect([set.status, set.body]).toMatchObject([200, { share_percent: 60, reserve_percent: 5 }]);
    expect((await admin.read()).body).toMatchObject({ share_percent: 60, reserve_percent: 5 });
  });
});

describe('an org that says no', () => {
  let world: SyncWorld;
  let other: SyncWorld;

  beforeEach(async () => {
    world = await SyncWorld.create({ reps: 1 });
    // A second team with an org of its own in the same installation.
    other = await world.secondTeam();
    await world.enrol();
    await other.enrol();
  });
  afterEach(async () => {
    await other.close();
    await world.close();
  });

  it.each(['daily', 'concurrent'] as const)('%s: waits alone, looks seldom, and goes on', async (limit) => {
    await world.fault({ path: '/services/data' }, { limit }, { times: null });
    const waiting = await world.createHere({ name: 'waits' });
    await world.quiesce();
    await world.control('DELETE', 'calls');
    const faultsBefore = await struck(world);
    for (let n = 0; n < 60; n++) {
      const task = await other.createHere({ name: `goes ${n}` });
      await pass(world, MINUTE);
      expect((await other.thereOf(task.id)).Subject).toBe(`goes ${n}`);
    }
    // Daily: one look in 15 minutes. Concurrent: one in 10 seconds at most; the clock makes steps of a minute here.
    const asked = (await struck(world)) - faultsBefore;
    expect(asked).toBeLessThanOrEqual(limit === 'daily' ? 4 : 60);
    expect(asked).toBeGreaterThan(0);
    await world.control('DELETE', 'faults');
    await pass(world, 20 * MINUTE);
    expect((await world.thereOf(waiting.id)).Subject).toBe('waits');
    expect(await world.allThere(`WHERE Subject = 'waits'`)).toHaveLength(1);
  });

  it('sync now does not wake an org that has spent its limit', async () => {
    await world.fault({ path: '/services/data' }, { limit: 'daily' }, { times: null });
    world.clock.advance(31_000);
    await world.quiesce();
    const before = await struck(world);
    for (let press = 0; press < 5; press++) {
      await world.call('POST', '/v1/salesforce/task-sync/sync-now');
      await world.quiesce();
    }
    expect(await struck(world)).toBe(before);
    expect((await usageOf(world)).sentence).toContain('Salesforce says that the org has spent a limit');
  });

  async function struck(of: SyncWorld): Promise<number> {
    const faults = await of.control<{ struck: number }[]>('GET', 'faults');
    return faults.reduce((sum, fault) => sum + fault.struck, 0);
  }
});
