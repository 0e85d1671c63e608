import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runSource } from '../../support/run-process.js';
import { SyncWorld } from '../../support/sync-world.js';

jest.setTimeout(180_000);

describe('the command line’s verbs about one task', () => {
  let world: SyncWorld;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 1 });
    await world.enrol();
  });
  afterAll(() => world.close());

  const cli = async (...args: string[]) => {
    const run = runSource('src/cli.ts', ['task', ...args], {
      DATABASE_URL: world.database.url,
      REDIS_URL: String(process.env.TEST_REDIS_URL),
      REDIS_PREFIX: `cli-${process.pid}`,
      ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    });
    const code = await run.ended;
    return { code, output: run.output().trim() };
  };

  it('show where it stands and what was tried, and bring it into step again', async () => {
    await world.fault(
      {},
      { rows: { containing: 'refused', statusCode: 'STRING_TOO_LONG', message: 'Too long.' } },
      { times: null },
    );
    const task = await world.createHere({ name: 'refused', due_date: '2026-06-01' });
    await world.quiesce();
    const [parked, redone] = [await cli('show', task.id), await cli('redo', task.id, '--team', world.team.teamId)];
    expect(parked.code).toBe(0);
    for (const line of [
      new RegExp(`^Task        ${task.id}  refused$`, 'm'),
      /^Salesforce {2}not there yet$/m,
      /^Parked {6}STRING_TOO_LONG: A text is longer than its field in Salesforce\. Shorten the text, then retry\.$/m,
      /^2026-03-04T10:\S+ {2}attempt {3}To make it in Salesforce was refused: /m,
      /^2026-03-04T10:\S+ {2}change {4}Rep 1 made the task\.$/m,
    ]) {
      expect(parked.output).toMatch(line);
    }
    expect(redone).toMatchObject({ code: 0, output: expect.stringMatching(/^It is marked\. The next run reads/m) });
    expect(redone.output).toMatch(/^State {7}waiting: A change is on its way to Salesforce\.$/m);
    expect(redone.output).not.toMatch(/^Parked/m);

    await world.control('DELETE', 'faults');
    await world.sync();
    const { Id } = await world.thereOf(task.id);
    const shown = await cli('show', Id, '--json');
    expect(JSON.parse(shown.output)).toMatchObject({ head: { task_id: task.id, state: 'synced', salesforce_id: Id } });
  });

  it('say in a line what is wrong', async () => {
    const unsynced = await world.createHere({ name: 'of nobody who syncs' }, world.team.admin);
    const wrong: [string[], string][] = [
      [['show', 'x'], 'x is neither the id of a task nor that of a Salesforce Task (00T…).'],
      [['show', '01a20bd3-6d51-7022-a636-0d8d48cca1d8'], 'There is no such task.'],
      [['show', '00T5g00000ZZZZZ'], 'No task is linked to that Salesforce Task.'],
      [['redo', unsynced.id, '--team', '01a20bd3-6d51-7022-a636-0d8d48cca1d8'], 'There is no such task.'],
      [['redo', unsynced.id], 'This task is not synced: send it to Salesforce first, or turn its rep’s sync on.'],
    ];
    const answers = await Promise.all(wrong.map(([args]) => cli(...args)));
    expect(answers).toEqual(wrong.map(([, output]) => ({ code: 1, output })));
  });
});
