import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer } from '../../support/app.js';
import { type Rep, SyncWorld } from '../../support/sync-world.js';

interface Line {
  id: string;
  kind: string;
  sentence: string;
  who: { id: string; name: string } | null;
  attempt?: { operation: string; outcome: string; code: string | null; fields: string[]; salesforce_id: string | null };
}

interface Trace {
  head: {
    state: string;
    sentence: string;
    salesforce_id: string | null;
    due_since: string | null;
    waiting_for: string | null;
    in_doubt: { operation: string } | null;
    parked: { code: string; advice: string } | null;
    frozen: boolean;
    agreed: { there: Record<string, string | null> } | null;
  };
  data: Line[];
  next: string | null;
}

const DAY_MS = 24 * 3_600_000;

describe('the trace of a task', () => {
  let world: SyncWorld;
  let ann: Rep;
  let bob: Rep;
  let eve: Rep;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 3, tasks: 50 });
    [ann, bob, eve] = world.reps as [Rep, Rep, Rep];
    await world.enrol({ reps: [ann, bob] });
  });
  afterAll(() => world.close());
  beforeEach(() => world.control('DELETE', 'faults'));

  const traceOf = (taskId: string, query = '', as = world.team.admin) =>
    world.call<Trace>('GET', `/v1/salesforce/task-sync/tasks/${taskId}/trace${query}`, undefined, as);
  const attempts = async (where = '') => {
    const [row]: { n: number }[] = await world.database.dataSource.query(
      `SELECT count(*)::int AS n FROM sync_attempts ${where}`,
    );
    return row?.n;
  };

  it('has no line for what a first-time sync imported', async () => {
    expect(await attempts()).toBe(0);
  });

  it('tells every attempt, change, conflict and problem, newest first, with who', async () => {
    const task = await world.createHere({ name: 'traced', due_date: '2026-06-01' });
    await world.sync();
    const { Id } = await world.thereOf(task.id);
    await world.editHere(task.id, { details: 'ours' }, ann);
    world.clock.advance(5_000);
    await world.editThere(Id, { Description: 'theirs' }, bob);
    await world.sync();
    await world.fault({}, { rows: { ids: [Id], statusCode: 'ENTITY_IS_LOCKED', message: 'locked' } }, { times: null });
    await world.editHere(task.id, { assignee_id: bob.userId });
    await world.sync();

    const { head, data, next } = await traceOf(task.id);
    expect(next).toBeNull();
    expect(data.map(({ kind, sentence }) => [kind, sentence])).toEqual([
      [
        'attempt',
        'To write it to Salesforce was refused: The record is locked in Salesforce, by an approval process for example.',
      ],
      [
        'problem',
        'The record is locked in Salesforce, by an approval process for example. Unlock it or finish the approval, then retry.',
      ],
      ['change', 'Ada Admin changed the assignee from “Rep 1” to “Rep 2”.'],
      ['attempt', 'Taken over from Salesforce: details.'],
      [
        'conflict',
        'Rep 1 changed the details from nothing to “ours” here, and Rep 2 to “theirs” in Salesforce. ' +
          'Salesforce’s value won: it was the later change.',
      ],
      ['change', 'Rep 2 changed the details from “ours” to “theirs” in Salesforce.'],
      ['change', 'Rep 1 changed the details from nothing to “ours”.'],
      ['attempt', 'Made in Salesforce.'],
      ['change', 'Rep 1 made the task.'],
    ]);
    expect(data.find(({ attempt }) => attempt?.operation === 'create')?.attempt).toMatchObject({
      ...{ outcome: 'done', salesforce_id: Id, fields: ['Subject', 'Status', 'Priority', 'ActivityDate', 'OwnerId'] },
    });
    expect(head).toMatchObject({
      ...{ state: 'problem', salesforce_id: Id, frozen: false, in_doubt: null },
      parked: { code: 'ENTITY_IS_LOCKED', advice: 'Unlock it or finish the approval, then retry.' },
      agreed: { there: { OwnerId: ann.salesforceId } },
    });

    // By pages, the same lines.
    const paged: Line[] = [];
    for (let after = ''; ;) {
      const page = await traceOf(task.id, `?limit=2${after}`);
      paged.push(...page.data);
      if (!page.next) break;
      after = `&after=${page.next}`;
    }
    expect(paged).toEqual(data);
  });

  it('tells a lost answer, and that the write is in doubt until the next look', async () => {
    const task = await world.createHere({ name: 'in doubt' });
    await world.fault({ method: 'POST', body: 'in doubt' }, { cut: 'after' });
    await world.quiesce();
    const doubtful = await traceOf(task.id);
    expect(doubtful.head).toMatchObject({ state: 'waiting', in_doubt: { operation: 'create' } });
    expect(doubtful.data[0]?.sentence).toBe(
      'To make it in Salesforce was tried, and the answer was lost: the next look finds out whether it was stored.',
    );
    await world.recover();
    expect((await traceOf(task.id)).head).toMatchObject({ state: 'synced', in_doubt: null, waiting_for: null });
  });

  it('tells deletions, what was brought back, and what the pull imported', async () => {
    const task = await world.createHere({ name: 'deleted and restored' });
    await world.sync();
    await world.deleteHere(task.id);
    await world.sync();
    expect((await traceOf(task.id)).head.sentence).toBe('It is deleted in Salesforce.');
    await world.act(task.id, 'restore');
    await world.sync();
    const told = (await traceOf(task.id)).data.flatMap(({ attempt }) => attempt?.operation ?? []);
    expect(told).toEqual(['restore', 'delete', 'create']);

    const id = await world.createThere({ Subject: 'made there' });
    await world.sync();
    const [imported] = await world.linkedTo(id);
    expect((await traceOf(imported ?? '')).data).toMatchObject([{ sentence: 'Imported from Salesforce.' }]);
  });

  it('says what a task waits for', async () => {
    const [frozen, local] = [await world.createHere({ name: 'off' }), await world.createHere({ name: 'local' }, eve)];
    expect((await traceOf(frozen.id)).head.waiting_for).toBe('A change is on its way to Salesforce.');
    await world.setSync([ann], false);
    expect((await traceOf(frozen.id)).head).toMatchObject({ state: 'off', frozen: true });
    expect((await traceOf(local.id)).head).toMatchObject({ state: 'not_synced', waiting_for: null });
    await world.enrol({ reps: [ann] });
  });

  it('is shown to whoever may see the task', async () => {
    const task = await world.createHere({ name: 'private' });
    await world.sync();
    expect((await traceOf(task.id, '', ann)).data).toHaveLength(2);
    const asBob = world.test.http.get(`/v1/salesforce/task-sync/tasks/${task.id}/trace`).set(bearer(bob.key));
    expect((await asBob).status).toBe(404);
  });

  it('writes nothing while nothing happens, and forgets attempts after 90 days', async () => {
    await world.sync();
    const before = await attempts();
    expect((await world.quietCycle()).writes).toBe(0);
    expect(await attempts()).toBe(before);
    const task = await world.createHere({ name: 'kept' });
    await world.sync();
    world.clock.advance(89 * DAY_MS);
    await world.sync();
    expect(await attempts(`WHERE task_id = '${task.id}'`)).toBe(1);
    world.clock.advance(2 * DAY_MS);
    await world.sync();
    expect(await attempts()).toBe(0);
    // Changes stay for good.
    expect((await traceOf(task.id)).data.map(({ kind }) => kind)).toEqual(['change']);
  });
});
