import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer } from '../../support/app.js';
import { until } from '../../support/until.js';
import { type HereTask, type Rep, SyncWorld, type ThereTask } from '../../support/sync-world.js';

interface Conflict {
  id: string;
  field: string;
  field_name: string;
  winner: string;
  reason: string;
  base: string | null;
  here: string | null;
  there: string | null;
  words: { base: string | null; here: string | null; there: string | null };
  explanation: string;
  here_changed_by: { id: string; name: string } | null;
  there_changed_by: { id: string; name: string } | null;
  restored_at: string | null;
  restored_by: { name: string } | null;
}

interface Restored {
  conflict: Conflict;
  replaced: { value: string | null; words: string | null };
  restored: { value: string | null; words: string | null };
  sentence: string;
}

const PATH = '/v1/salesforce/task-sync/conflicts';

describe('conflicts', () => {
  let world: SyncWorld;
  let ann: Rep;
  let bob: Rep;
  let eve: Rep;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 3 });
    [ann, bob, eve] = world.reps as [Rep, Rep, Rep];
    await world.enrol({ reps: [ann, bob] });
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.control('DELETE', 'faults');
    await policy('latest');
  });

  const policy = (conflict_policy: string, more: object = {}) =>
    world.call('PUT', '/v1/salesforce/task-sync/settings', { conflict_policy, ...more });
  const conflictsOf = async (taskId: string) =>
    (await world.call<{ data: Conflict[] }>('GET', `${PATH}?task_id=${taskId}`)).data;
  const restore = (conflict: Conflict | undefined, as = world.team.admin) =>
    world.call<Restored>('POST', `${PATH}/${conflict?.id}/restore`, {}, as);
  const refusal = async (conflict: Conflict | undefined, as = world.team.admin) => {
    const { status, body } = await world.test.http.post(`${PATH}/${conflict?.id}/restore`).set(bearer(as.key)).send({});
    return { status, detail: (body as { detail: string }).detail };
  };
  const synced = async (values: Record<string, unknown>, as = ann) => {
    const task = await world.createHere(values, as);
    await world.sync();
    return { task, there: await world.thereOf(task.id) };
  };
  const silent = async () => expect((await world.quietCycle()).writes).toBe(0);

  it('say who changed what here and there, when, who won and why, in words', async () => {
    const { task, there } = await synced({ name: 'explained', due_date: '2026-06-30' });
    await world.editHere(task.id, { due_date: '2026-07-01' }, ann);
    world.clock.advance(5_000);
    await world.editThere(there.Id, { ActivityDate: '2026-08-01' }, bob);
    await world.sync();
    const [conflict] = await conflictsOf(task.id);
    expect(conflict).toMatchObject({
      ...{ field: 'ActivityDate', field_name: 'due date', winner: 'there', reason: 'later' },
      ...{ base: '2026-06-30', here: '2026-07-01', there: '2026-08-01', restored_at: null },
      here_changed_by: { id: `user:${ann.userId}`, name: 'Rep 1' },
      there_changed_by: { id: `salesforce:${bob.salesforceId}`, name: 'Rep 2' },
      explanation:
        'Rep 1 changed the due date from “2026-06-30” to “2026-07-01” here, and Rep 2 to “2026-08-01” in Salesforce. ' +
        'Salesforce’s value won: it was the later change.',
    });
  });

  it('name assignees, and a tie', async () => {
    const { task, there } = await synced({ name: 'whose' });
    await world.editHere(task.id, { assignee_id: bob.userId });
    await world.editThere(there.Id, { OwnerId: eve.salesforceId });
    await world.sync();
    const [conflict] = await conflictsOf(task.id);
    expect(conflict).toMatchObject({
      field: 'OwnerId',
      reason: 'tie',
      words: { base: 'Rep 1', here: 'Rep 2', there: 'Rep 3' },
    });
    // It went to somebody who does not sync; restoring brings it back, to the one it was meant for.
    expect(await world.rowHere(task.id)).toMatchObject({ away: true });
    const done = await restore(conflict);
    expect(done).toMatchObject({ replaced: { words: 'Rep 3' }, restored: { words: 'Rep 2' } });
    await world.sync();
    expect(await world.rowHere(task.id)).toEqual({ deleted: false, away: false, assignee_id: bob.userId });
    expect((await world.there(there.Id)).OwnerId).toBe(bob.salesforceId);
    await silent();
  });

  it.each([
    ['latest', 'there', 'later'],
    ['salesforce', 'there', 'policy'],
    ['command_center', 'here', 'policy'],
  ])('are restored under the policy %s, and that sticks', async (name, winner, reason) => {
    await policy(name);
    const { task, there } = await synced({ name: `under ${name}`, due_date: '2026-06-30', details: 'agreed' });
    await world.editHere(task.id, { due_date: '2026-07-01', details: 'ours' });
    world.clock.advance(5_000);
    await world.editThere(there.Id, { ActivityDate: '2026-08-01', Description: 'theirs' });
    await world.sync();
    const [won, lost] = winner === 'there' ? ['2026-08-01', '2026-07-01'] : ['2026-07-01', '2026-08-01'];
    expect((await world.there(there.Id)).ActivityDate).toBe(won);

    const conflict = (await conflictsOf(task.id)).find(({ field }) => field === 'ActivityDate');
    expect(conflict).toMatchObject({ winner, reason });
    const done = await restore(conflict, ann);
    expect(done).toMatchObject({ replaced: { value: won }, restored: { value: lost } });
    expect(done.sentence).toBe(`Due date: “${lost}” again, instead of “${won}”. It is on its way to Salesforce.`);
    await world.sync();
    expect((await world.here(task.id)).due_date).toBe(lost);
    expect((await world.there(there.Id)).ActivityDate).toBe(lost);
    // The other field of the same task is as it was decided.
    expect((await world.there(there.Id)).Description).toBe(winner === 'there' ? 'theirs' : 'ours');
    await silent();
    expect(await conflictsOf(task.id)).toHaveLength(2);

    const [line] = (
      await world.call<{ data: { field: string; old: string; new: string; origin: string; who: { id: string } }[] }>(
        'GET',
        `/v1/tasks/${task.id}/history`,
      )
    ).data;
    expect(line).toMatchObject({
      field: 'due_date',
      old: won,
      new: lost,
      origin: 'here',
      who: { id: `user:${ann.userId}` },
    });
    expect((await conflictsOf(task.id)).find(({ id }) => id === conflict?.id)).toMatchObject({
      restored_by: { name: 'Rep 1' },
    });
    expect(await refusal(conflict)).toEqual({ status: 409, detail: 'This value was restored already.' });
  });

  const long = `long ${'n'.repeat(400)}`;
  const fields: [
    string,
    Record<string, unknown>,
    Record<string, unknown>,
    (h: HereTask) => unknown,
    (t: ThereTask) => unknown,
  ][] = [
    ['Subject', { name: long }, { Subject: 'theirs' }, (h) => h.name, (t) => t.Subject],
    ['Priority', { priority: 'high' }, { Priority: 'Low' }, (h) => h.priority, (t) => t.Priority],
    ['Description', { details: ' ours\n' }, { Description: 'theirs' }, (h) => h.details, (t) => t.Description],
    ['ActivityDate', { due_date: '2026-07-01' }, { ActivityDate: null }, (h) => h.due_date, (t) => t.ActivityDate],
    [
      'ReminderDateTime',
      { reminder_at: '2026-07-01T09:00:00Z' },
      { ReminderDateTime: '2026-07-02T09:00:00Z', IsReminderSet: true },
      (h) => h.reminder_at,
      (t) => t.ReminderDateTime?.slice(0, 19),
    ],
  ];
  it.each(fields)(
    'give each field back as it was: %s, lost here and lost there',
    async (field, ours, theirs, here, there) => {
      const lose = async (winner: 'salesforce' | 'command_center') => {
        await policy(winner);
        const made = await synced({ name: 'agreed', due_date: '2026-01-01' });
        await world.editHere(made.task.id, ours);
        await world.editThere(made.there.Id, theirs);
        // What each side has before it loses.
        const before = { here: here(await world.here(made.task.id)), there: there(await world.there(made.there.Id)) };
        await world.sync();
        const after = { here: here(await world.here(made.task.id)), there: there(await world.there(made.there.Id)) };
        const conflict = (await conflictsOf(made.task.id)).find((one) => one.field === field);
        return { ...made, before, after, conflict };
      };
      const lostHere = await lose('salesforce');
      const lostThere = await lose('command_center');
      await restore(lostHere.conflict);
      await restore(lostThere.conflict);
      await world.sync();
      // As the other one, which won, has it.
      expect(here(await world.here(lostHere.task.id))).toEqual(lostHere.before.here);
      expect(there(await world.there(lostHere.there.Id))).toEqual(lostThere.after.there);
      expect(there(await world.there(lostThere.there.Id))).toEqual(lostThere.before.there);
      expect(here(await world.here(lostThere.task.id))).toEqual(lostHere.after.here);
      await silent();
    },
  );

  it('give back a status of Salesforce that has no counterpart here', async () => {
    await policy('command_center');
    const { task, there } = await synced({ name: 'in progress' });
    await world.editThere(there.Id, { Status: 'In Progress' });
    await world.act(task.id, 'complete');
    await world.sync();
    expect((await world.there(there.Id)).Status).toBe('Completed');
    const [conflict] = await conflictsOf(task.id);
    await restore(conflict);
    await world.sync();
    expect((await world.there(there.Id)).Status).toBe('In Progress');
    expect((await world.here(task.id)).status).toBe('open');
    await silent();
    // From then on it is an open task like any other.
    await world.act(task.id, 'complete');
    await world.sync();
    expect((await world.there(there.Id)).Status).toBe('Completed');
  });

  it('give back what was skipped here', async () => {
    await policy('salesforce');
    const { task, there } = await synced({ name: 'skipped' });
    await world.act(task.id, 'skip');
    await world.editThere(there.Id, { Status: 'In Progress' });
    await world.sync();
    expect((await world.here(task.id)).status).toBe('open');
    await restore((await conflictsOf(task.id))[0]);
    await world.sync();
    expect((await world.here(task.id)).status).toBe('skipped');
    expect((await world.there(there.Id)).IsClosed).toBe(true);
    await silent();
  });

  it('give back a Subject that another template kept there', async () => {
    await policy('command_center', { subject_template: 'CC: {{activity_subject}}' });
    const { task, there } = await synced({ name: 'templated' });
    await world.editHere(task.id, { name: 'templated ours' });
    await world.editThere(there.Id, { Subject: 'their very own' });
    await world.sync();
    expect((await world.there(there.Id)).Subject).toBe('CC: templated ours');
    await restore((await conflictsOf(task.id))[0]);
    await world.sync();
    expect((await world.there(there.Id)).Subject).toBe('their very own');
    expect((await world.here(task.id)).name).toBe('templated ours');
    await silent();
    await policy('latest', { subject_template: '{{activity_subject}}' });
  });

  it('an edit after the restoration wins over it', async () => {
    await policy('command_center');
    const { task, there } = await synced({ name: 'edited after' });
    await world.editThere(there.Id, { Status: 'In Progress' });
    await world.act(task.id, 'complete');
    await world.sync();
    await restore((await conflictsOf(task.id))[0]);
    await world.act(task.id, 'complete');
    await world.sync();
    expect((await world.there(there.Id)).Status).toBe('Completed');
    await silent();
  });

  it('what a restoration asks for is not lost to a write that was on its way', async () => {
    await policy('command_center');
    const { task, there } = await synced({ name: 'on its way' });
    await world.editThere(there.Id, { Status: 'In Progress' });
    await world.act(task.id, 'complete');
    await world.sync();
    const [conflict] = await conflictsOf(task.id);
    await world.editHere(task.id, { details: 'slow' });
    await world.fault({ method: 'PATCH', body: 'slow' }, { latencyMs: 600 });
    const pushing = world.quiesce();
    await until(async () => {
      const rows = await world.database.dataSource.query<unknown[]>(
        'SELECT 1 FROM task_links WHERE task_id = $1 AND sent IS NOT NULL',
        [task.id],
      );
      return rows.length > 0;
    });
    await restore(conflict);
    await pushing;
    // And the answer to the write that follows is lost.
    await world.fault({ method: 'PATCH', body: 'In Progress' }, { cut: 'after' });
    await world.recover();
    expect((await world.there(there.Id)).Description).toBe('slow');
    expect((await world.there(there.Id)).Status).toBe('In Progress');
    await silent();
  });

  it('bring a task back that was deleted there over an edit here', async () => {
    const { task, there } = await synced({ name: 'deleted there' });
    await world.editHere(task.id, { details: 'edited here', due_date: '2026-07-01' });
    await world.deleteThere(there.Id, bob);
    await world.sync();
    const [first] = (await conflictsOf(task.id)).filter(({ field }) => field === 'Description');
    expect(first).toMatchObject({ reason: 'deletion', winner: 'there', there_changed_by: { name: 'Rep 2' } });
    expect((await restore(first)).sentence).toMatch(/^The task is back\. Details: “edited here”/);
    await world.sync();
    expect(await world.there(there.Id)).toMatchObject({ IsDeleted: false, Description: 'edited here' });
    expect(await world.here(task.id)).toMatchObject({ details: 'edited here', salesforce: { state: 'synced' } });
    await silent();
  });

  it('bring it back under a new key when the bin was emptied', async () => {
    const { task, there } = await synced({ name: 'gone for good' });
    await world.editHere(task.id, { name: long });
    await world.deleteThere(there.Id);
    await world.sync();
    await world.control('POST', 'recycle-bin/empty', { ids: [there.Id] });
    await restore((await conflictsOf(task.id))[0], ann);
    await world.sync();
    const again = await world.thereOf(task.id);
    expect(again.Id).not.toBe(there.Id);
    expect(again.Subject).toBe(long.slice(0, 255));
    expect((await world.here(task.id)).name).toBe(long);
    await silent();
  });

  it('bring a task back that was deleted here over an edit there', async () => {
    const { task, there } = await synced({ name: 'deleted here', due_date: '2026-01-01' });
    await world.deleteHere(task.id);
    await world.editThere(there.Id, { Description: 'edited there', ActivityDate: '2026-09-09' });
    await world.sync();
    for (const conflict of await conflictsOf(task.id)) await restore(conflict);
    await world.sync();
    expect(await world.there(there.Id)).toMatchObject({
      IsDeleted: false,
      Description: 'edited there',
      ActivityDate: '2026-09-09',
    });
    expect(await world.here(task.id)).toMatchObject({ details: 'edited there', due_date: '2026-09-09' });
    await silent();
  });

  it('refuse, with a sentence, what cannot be applied', async () => {
    await policy('command_center');
    const { task, there } = await synced({ name: 'cannot be applied' });
    const stranger = (await world.control<{ id: string; isActive: boolean }[]>('GET', 'users')).find(
      ({ id, isActive }) =>
        isActive && id !== world.integrationUserId && !world.reps.some((rep) => rep.salesforceId === id),
    );
    await world.editHere(task.id, { assignee_id: bob.userId });
    await world.editThere(there.Id, { OwnerId: stranger?.id });
    await world.sync();
    const [conflict] = await conflictsOf(task.id);
    expect(conflict?.words.there).toBe(stranger?.id);
    expect(await refusal(conflict)).toEqual({
      status: 409,
      detail: expect.stringMatching(/^The owner in Salesforce, 005\w{15}, is nobody who works here\./),
    });
    await world.deleteHere(task.id);
    expect(await refusal(conflict)).toEqual({ status: 409, detail: 'This task is deleted: restore it first.' });
  });

  it('are restored by admins and the assignee, once, also when two try at once', async () => {
    const { task, there } = await synced({ name: 'who may' });
    await world.editHere(task.id, { details: 'ours' });
    world.clock.advance(5_000);
    await world.editThere(there.Id, { Description: 'theirs' });
    await world.sync();
    const [conflict] = await conflictsOf(task.id);
    expect(await refusal(conflict, bob)).toMatchObject({ status: 404 });
    const answers = await Promise.all([refusal(conflict, ann), refusal(conflict, ann), refusal(conflict)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    await world.sync();
    expect((await world.there(there.Id)).Description).toBe('ours');
  });

  it('wait for the rep whose sync is off', async () => {
    const { task, there } = await synced({ name: 'off' }, bob);
    await world.editHere(task.id, { details: 'ours' });
    world.clock.advance(5_000);
    await world.editThere(there.Id, { Description: 'theirs' });
    await world.sync();
    await world.setSync([bob], false);
    const done = await restore((await conflictsOf(task.id))[0]);
    expect(done.sentence).toMatch(/It goes to Salesforce when its rep’s task sync is on\.$/);
    await world.sync();
    expect((await world.there(there.Id)).Description).toBe('theirs');
    await world.enrol({ reps: [bob] });
    await world.sync();
    expect((await world.there(there.Id)).Description).toBe('ours');
  });
});
