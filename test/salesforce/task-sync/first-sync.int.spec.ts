import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Rep, SyncWorld } from '../../support/sync-world.js';

const DAY = 24 * 3_600_000;

describe('the first-time sync', () => {
  let world: SyncWorld;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 4, at: '2026-03-04T10:00:00Z' });
  });
  afterAll(() => world.close());

  const subjectsHere = async (rep: Rep) => {
    const { data } = await world.call<{ data: { name: string }[] }>(
      'GET',
      '/v1/tasks?view=all&limit=200',
      undefined,
      rep,
    );
    return data.map((task) => task.name).sort();
  };

  it('imports what its scope takes in, as the preview said', async () => {
    const [recent, due, open, all] = world.reps as [Rep, Rep, Rep, Rep];
    world.clock.set('2026-02-01T10:00:00Z');
    for (const rep of world.reps) {
      await world.createThere({ Subject: 'open, due later', ActivityDate: '2026-03-20' }, rep);
      await world.createThere({ Subject: 'open, overdue', ActivityDate: '2026-02-20' }, rep);
      await world.createThere({ Subject: 'open, no date' }, rep);
      const id = await world.createThere({ Subject: 'worked on and done' }, rep);
      world.clock.advance(DAY);
      await world.editThere(id, { Status: 'Completed' }, rep);
      world.clock.advance(-DAY);
    }
    world.clock.set('2026-03-04T09:00:00Z');
    for (const rep of world.reps) await world.createThere({ Subject: 'new', ActivityDate: '2026-02-01' }, rep);
    world.clock.set('2026-03-04T10:00:00Z');

    const preview = await world.call<{ scopes: Record<string, number> }>('POST', '/v1/salesforce/task-sync/preview', {
      user_ids: [all.userId],
    });
    expect(preview.scopes).toEqual({ recent: 1, due: 3, open: 4, all: 5 });
    await world.enrol({ reps: [recent], scope: 'recent' });
    await world.enrol({ reps: [due], scope: 'due' });
    await world.enrol({ reps: [open], scope: 'open' });
    await world.enrol({ reps: [all], scope: 'all' });
    expect(await subjectsHere(recent)).toEqual(['new']);
    expect(await subjectsHere(due)).toEqual(['new', 'open, due later', 'open, no date']);
    expect(await subjectsHere(open)).toEqual(['new', 'open, due later', 'open, no date', 'open, overdue']);
    expect(await subjectsHere(all)).toHaveLength(5);
  });

  it('is read in one pass for reps who were enrolled together, and shows its progress', async () => {
    await world.setSync(world.reps, false);
    await world.enrol({ scope: 'all' });
    const { data } = await world.call<{ data: { status: string; total: number; done: number }[] }>(
      'GET',
      '/v1/salesforce/task-sync/runs?kind=first_sync&limit=1',
    );
    expect(data).toMatchObject([{ status: 'done', total: 20, done: 20 }]);
    // Links from before were used: nothing came twice.
    for (const rep of world.reps) expect(await subjectsHere(rep)).toHaveLength(5);
  });

  it('keeps what it has imported when it is cancelled, and the ongoing sync goes on', async () => {
    const [rep] = world.reps as [Rep];
    await world.setSync([rep], false);
    await world.setSync([rep], true);
    await world.database.dataSource.query(`UPDATE salesforce_connections SET paused = true WHERE team_id = $1`, [
      world.team.teamId,
    ]);
    await world.quiesce();
    await world.database.dataSource.query(`UPDATE salesforce_connections SET paused = false`);
    // Begun, and stopped after its first slice.
    await world.fault({ path: 'COUNT' }, { status: 503 }, { times: null });
    await world.quiesce();
    const [enrolment] = await world
      .call<{ user_id: string; run_id: string }[]>('GET', '/v1/salesforce/task-sync/users')
      .then((rows) => rows.filter((row) => row.user_id === rep.userId));
    await world.control('DELETE', 'faults');
    await world.call('POST', `/v1/salesforce/task-sync/runs/${enrolment?.run_id}/cancel`, {});
    const made = await world.createThere({ Subject: 'after the cancelling' }, rep);
    await world.recover();
    expect(await world.linkedTo(made)).toHaveLength(1);
    expect(await subjectsHere(rep)).toContain('open, due later');
  });
});
