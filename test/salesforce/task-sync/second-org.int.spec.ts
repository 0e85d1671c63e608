import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LaneRunner } from '../../../src/platform/pipelines/lane-runner.js';
import { OrgLoop, SALESFORCE_ORG } from '../../../src/salesforce/org-loop/org-loop.js';
import { SyncWorld } from '../../support/sync-world.js';
import { rowsOfTeam } from '../../support/team-rows.js';
import { until } from '../../support/until.js';
import { everyRoute, idsIn } from './second-org.js';

jest.setTimeout(120_000);

describe('two teams, each with an org of its own', () => {
  let north: SyncWorld;
  let south: SyncWorld;
  beforeEach(async () => {
    north = await SyncWorld.create({ reps: 1, env: { SALESFORCE_TIMEOUT_MS: '3000' } });
    south = await north.secondTeam({ reps: 1 });
    for (const world of [north, south]) await world.enrol();
  });
  afterEach(async () => {
    await south.close();
    await north.close();
  });

  /** A minute of both: an edit and a new task on each side of one team. Answers what its org was called for. */
  const aMinuteOf = async (world: SyncWorld): Promise<Record<string, number>> => {
    await world.control('DELETE', 'calls');
    const [here, there] = [
      await world.createHere({ name: 'made here' }),
      await world.createThere({ Subject: 'made there' }),
    ];
    const quiet = async () => {
      world.clock.advance(31_000);
      const resting = await world.quiesce();
      expect(resting.filter(({ lane }) => lane === world.connectionId)).toEqual([]);
    };
    await quiet();
    await world.editHere((await world.hereOf(there)).id, { details: 'edited here' });
    await world.editThere((await world.thereOf(here.id)).Id, { Subject: 'edited there' });
    await quiet();
    expect((await world.there(there)).Description).toBe('edited here');
    expect((await world.here(here.id)).name).toBe('edited there');
    return (await world.control<{ byKind: Record<string, number> }>('GET', 'calls')).byKind;
  };
  /** Whatever has befallen the north, the south syncs as fast and by as many calls as before, and its org is as free. */
  const southIsUntouchedBy = async (trouble: () => Promise<unknown>): Promise<void> => {
    const undisturbed = await aMinuteOf(south);
    await trouble();
    for (let minute = 0; minute < 3; minute++) expect(await aMinuteOf(south)).toEqual(undisturbed);
    expect(await south.call('GET', '/v1/salesforce/connection')).toMatchObject({
      status: 'connected',
      paused: false,
      quiet_until: null,
    });
    expect(await south.call('GET', '/v1/salesforce/task-sync/status')).toMatchObject({
      two_way: true,
      waiting: 0,
      problems: 0,
      last_failure: null,
    });
    expect(await south.call('GET', '/v1/salesforce/api-usage')).toMatchObject({
      sentence: 'All work goes at full speed.',
    });
  };

  it('sync both ways, each with its own, although their records have the same ids', async () => {
    const [one, two] = [await north.createThere({ Subject: 'north' }), await south.createThere({ Subject: 'south' })];
    expect(one).toBe(two);
    await north.sync();
    const links: { name: string; team: string }[] = await north.database.dataSource.query(
      `SELECT t.name, l.team_id AS team FROM task_links l JOIN tasks t ON t.team_id = l.team_id AND t.id = l.task_id
       WHERE l.salesforce_id = $1 ORDER BY 1`,
      [one],
    );
    expect(links).toEqual([
      { name: 'north', team: north.team.teamId },
      { name: 'south', team: south.team.teamId },
    ]);
    await south.editHere((await south.hereOf(two)).id, { details: 'of the south' });
    await north.createHere({ name: 'only in the north' });
    await south.sync();
    expect((await north.allThere()).map((task) => [task.Subject, task.Description])).toEqual([
      ['north', null],
      ['only in the north', null],
    ]);
    expect((await south.allThere()).map((task) => [task.Subject, task.Description])).toEqual([
      ['south', 'of the south'],
    ]);
  });

  it('a Salesforce that answers 503 for ever rests alone', async () => {
    await southIsUntouchedBy(async () => {
      await north.fault({ path: '/services/data' }, { status: 503 }, { times: null });
      await north.createHere({ name: 'waits in the north' });
    });
    expect(await north.call('GET', '/v1/salesforce/task-sync/status')).toMatchObject({
      waiting: 1,
      last_failure: expect.any(String),
    });
  });

  it('a call that hangs holds up its own lane alone', async () => {
    await north.fault({ path: '/services/data' }, { latencyMs: 60_000 }, { times: null });
    await north.createHere({ name: 'hangs in the north' });
    let hangs = true;
    const hanging = north.test.app
      .get(LaneRunner)
      .runLane(SALESFORCE_ORG, north.connectionId)
      .finally(() => (hangs = false));
    await until(async () => (await north.control<{ struck: number }[]>('GET', 'faults'))[0]?.struck === 1);
    const task = await south.createHere({ name: 'goes in the south' });
    expect(await south.test.app.get(LaneRunner).runLane(SALESFORCE_ORG, south.connectionId)).toBe('idle');
    expect((await south.thereOf(task.id)).Subject).toBe('goes in the south');
    expect(hangs).toBe(true);
    expect(await hanging).toBe('failed');
  });

  it('a spent daily limit is spent for its own team alone', async () => {
    const { limit } = await north.control<{ limit: number }>('GET', 'calls');
    await southIsUntouchedBy(async () => {
      await north.control('POST', 'limits', { usedElsewhere: limit });
      await north.createHere({ name: 'waits in the north' });
    });
    expect(await north.call('GET', '/v1/salesforce/task-sync/status')).toMatchObject({ waiting: 1 });
    expect(await north.call('GET', '/v1/salesforce/api-usage')).toMatchObject({ people: { state: 'parked' } });
    expect(await north.allThere()).toEqual([]);
  });

  it('a connection that Salesforce stops is stopped for its own team alone', async () => {
    await southIsUntouchedBy(async () => {
      // It has no refresh token: the next call ends the log-in.
      await north.control('DELETE', 'sessions', {});
      await north.createHere({ name: 'waits in the north' });
    });
    expect(await north.call('GET', '/v1/salesforce/connection')).toMatchObject({ status: 'stopped' });
    expect(await north.allThere()).toEqual([]);
  });

  it('a pause is its own team’s alone', async () => {
    await southIsUntouchedBy(async () => {
      await north.call('POST', '/v1/salesforce/connection/pause');
      await north.createHere({ name: 'waits in the north' });
    });
    expect(await north.allThere()).toEqual([]);
    await north.call('POST', '/v1/salesforce/connection/resume');
    await north.sync();
    expect(await north.allThere()).toHaveLength(1);
  });

  it('one that is paused does not hide the other where only so many are looked for', async () => {
    await north.call('POST', '/v1/salesforce/connection/pause');
    await south.database.dataSource.query(
      `UPDATE salesforce_org_states SET next_pull_at = $2::timestamptz - CASE team_id WHEN $1 THEN interval '1 hour' ELSE '0' END`,
      [north.team.teamId, north.clock.now()],
    );
    const due = await north.test.app.get(OrgLoop).dueLanes(north.clock.now(), 1);
    expect(due).toEqual([south.connectionId]);
  });

  it('nothing of one is seen, named or changed with the keys of the other', async () => {
    for (const world of [north, south]) await fill(world);
    const [before, own] = [await rowsOfTeam(north.database.dataSource, north.team.teamId), idsIn(await rowsOf(south))];
    const ids = idsIn(before).filter((id) => !own.includes(id));
    expect(ids.length).toBeGreaterThan(15);
    for (const key of [south.team.admin.key, south.reps[0]?.key ?? '']) {
      const { answers, named } = await everyRoute(south.test, key, ids);
      expect(answers.filter(({ text }) => ids.some((id) => text.includes(id)))).toEqual([]);
      expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(5);
      // Whatever it is the id of, to the other team it is the id of nothing.
      expect(named.filter(({ status }) => status < 400 || status >= 500)).toEqual([]);
      expect(named.filter(({ status }) => status === 404).length).toBeGreaterThan(ids.length * 5);
    }
    expect(await rowsOf(north)).toEqual(before);
  });

  const rowsOf = (world: SyncWorld) => rowsOfTeam(world.database.dataSource, world.team.teamId);

  /** A problem, a conflict, an alarm, people and history. */
  async function fill(world: SyncWorld): Promise<void> {
    const there = await world.createThere({ Subject: 'both edit it' });
    await world.sync();
    const task = await world.hereOf(there);
    await world.editHere(task.id, { details: 'here' });
    await world.editThere(there, { Description: 'there' });
    await world.fault(
      { method: 'POST' },
      { rows: { containing: 'refused', statusCode: 'STRING_TOO_LONG' } },
      { times: null },
    );
    await world.createHere({ name: 'refused' });
    await world.call('POST', '/v1/people', { name: 'Grace', email: 'grace@customer.example' });
    await world.sync();
    await world.control('DELETE', 'faults');
    await world.database.dataSource.query(
      `INSERT INTO sync_alarms (team_id, id, kind, asked, absent, at, last_at)
       VALUES ($1, gen_random_uuid(), 'improbable_absence', 1, 1, now(), now())`,
      [world.team.teamId],
    );
  }
});
