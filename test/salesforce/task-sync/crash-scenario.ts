import type { ModelWorld } from '../../model/model-world.js';
import { tasksHere, tasksThere } from '../../model/tasks-seen.js';

export type Part = 'first sync' | 'changes' | 'restoration';

/**
 * A fixed piece of work for the sync, always the same: a first-time sync of three pages, then creates, updates, a
 * completion and a deletion here, changes there, a session that has ended, and last a restoration. `work` is called
 * where a worker runs.
 */
export async function play(world: ModelWorld, work: (part: Part) => Promise<void>): Promise<void> {
  const [rep] = world.reps;
  if (!rep) throw new Error('There is no rep.');
  const as = `as/${rep.salesforceId}`;
  const create = (subject: string) =>
    world.control('POST', `${as}/sobjects/Task`, { Subject: subject, OwnerId: rep.salesforceId });
  const here = async (name: string) => {
    const rows = await world.here<{ id: string }>('SELECT id FROM tasks WHERE name = $1', [name]);
    if (rows.length !== 1) throw new Error(`There are ${rows.length} tasks named ${name}.`);
    return `/v1/tasks/${rows[0]?.id}`;
  };
  const there = async (subject: string) => {
    const rows = await world.there<{ id: string }>('SELECT id FROM sf_task WHERE subject = $1', [subject]);
    if (rows.length !== 1) throw new Error(`There are ${rows.length} Tasks named ${subject}.`);
    return `${as}/sobjects/Task/${rows[0]?.id}`;
  };
  const change = async (method: string, path: string, body?: object) => {
    const { status } = await world.call(method, path, body, 0);
    if (status >= 400) throw new Error(`${method} ${path}: ${status}`);
  };

  const records = Array.from({ length: 8 }, (_, n) => ({
    attributes: { type: 'Task' },
    Subject: `before ${n}`,
    OwnerId: rep.salesforceId,
  }));
  await world.control('POST', `${as}/composite/sobjects`, { records });
  // Out of the pull's sight.
  world.clock.advance(20 * 60_000);
  await change('PUT', '/v1/salesforce/task-sync/me', { enabled: true, scope: 'all' });
  await work('first sync');

  world.clock.advance(100_000);
  await Promise.all([
    ...[1, 2].map((n) => change('POST', '/v1/tasks', { type: 'custom', name: `made ${n}` })),
    here('before 0').then((path) => change('PATCH', path, { details: 'edited here' })),
    here('before 1').then((path) => change('POST', `${path}/complete`, {})),
    here('before 2').then((path) => change('DELETE', path)),
    there('before 3').then((path) => world.control('PATCH', path, { Description: 'edited there' })),
    there('before 4').then((path) => world.control('DELETE', path)),
    // What both sides change, each another field of it.
    here('before 5').then((path) => change('PATCH', path, { due_date: '2026-04-01' })),
    there('before 5').then((path) => world.control('PATCH', path, { Priority: 'High' })),
    create('made there'),
  ]);
  await world.control('DELETE', 'sessions', {});
  await work('changes');

  // Before the next poll is due.
  world.clock.advance(5_000);
  await Promise.all([
    here('before 2').then((path) => change('POST', `${path}/restore`, {})),
    here('before 0').then((path) => change('PATCH', path, { details: 'edited here again' })),
    here('made 1').then((path) => change('DELETE', path)),
  ]);
  await work('restoration');
}

/** What must be on both sides in the end, whatever happened: by subject. */
export const WANTED = [
  'before 0: edited here again',
  'before 1: closed',
  'before 2:',
  'before 3: edited there',
  'before 5: High due 2026-04-01',
  'before 6:',
  'before 7:',
  'made 2:',
  'made there:',
];

/** Lets time pass until nothing is due, as after the last fault. */
export async function becomeQuiet(world: ModelWorld): Promise<void> {
  await world.expireLease();
  const [connection] = await world.here<{ status: string }>('SELECT status FROM salesforce_connections');
  // The answer to the token call was lost with the worker: an admin connects again.
  if (connection?.status !== 'connected') await world.signIn();
  for (const seconds of [31, 31]) {
    world.clock.advance(seconds * 1000);
    await world.quiesce();
  }
}

/** Everything that is wrong now; nothing, after whatever crash. */
export async function wrongs(world: ModelWorld): Promise<string[]> {
  const [here, there] = await Promise.all([tasksHere(world), tasksThere(world)]);
  const found: string[] = [];
  for (const [side, tasks] of [
    ['here', here],
    ['there', there],
  ] as const) {
    const present = tasks.filter(({ deleted }) => !deleted).map(({ values }) => inWords(values));
    if (present.sort().join('\n') !== WANTED.join('\n')) found.push(`${side}: ${present.join(', ')}`);
  }
  const links = await world.here<{ id: string; salesforceId: string; why: string }>(
    `SELECT task_id AS id, salesforce_id AS "salesforceId", concat_ws(' ', parked_code, sent ->> 'op', due_since) AS why
     FROM task_links`,
  );
  const byId = new Map(there.map((task) => [task.id, task]));
  for (const { id, salesforceId, why } of links) {
    if (why) found.push(`${id} is not at rest: ${why}`);
    const [mine, theirs] = [here.find((task) => task.id === id), byId.get(salesforceId)];
    // Deleted here before it ever was there.
    if (mine?.deleted && salesforceId === null) continue;
    if (!theirs || mine?.deleted !== theirs.deleted) found.push(`${id} and ${salesforceId} differ: deleted`);
    else if (!mine.deleted && JSON.stringify(mine.values) !== JSON.stringify(inOrder(theirs.values, mine.values)))
      found.push(`${id} and ${salesforceId} differ: ${JSON.stringify([mine.values, theirs.values])}`);
  }
  if (links.length !== here.length) found.push(`${here.length} tasks have ${links.length} links`);
  const left = await world.here<{ what: string }>(
    `SELECT 'conflict about ' || field AS what FROM sync_conflicts
     UNION ALL SELECT 'problem ' || code FROM sync_problems`,
  );
  found.push(...left.map(({ what }) => what));
  return found;
}

/** What an idle cycle writes. */
export async function idleWrites(world: ModelWorld): Promise<string[]> {
  const before = await fingerprint(world);
  world.clock.advance(31_000);
  await world.quiesce();
  const after = await fingerprint(world);
  return before === after ? [] : [`an idle cycle wrote: ${before} became ${after}`];
}

async function fingerprint(world: ModelWorld): Promise<string> {
  const [here] = await world.here<{ n: string }>(
    `SELECT concat_ws(' ', sum(version), (SELECT count(*) FROM task_changes)) AS n FROM tasks`,
  );
  const [there] = await world.there<{ n: string }>(
    `SELECT concat_ws(' ', count(*), sum(extract(epoch FROM system_modstamp))) AS n FROM sf_task`,
  );
  return `${here?.n} / ${there?.n}`;
}

function inWords(values: Record<string, string | null>): string {
  const { Subject, Description, Priority, ActivityDate, Status } = values;
  const words = [
    Description,
    Priority === 'Normal' ? null : Priority,
    ActivityDate && `due ${ActivityDate}`,
    Status === 'closed' ? 'closed' : null,
  ];
  return [`${Subject}:`, ...words.filter(Boolean)].join(' ');
}

const inOrder = (values: Record<string, string | null>, like: object) =>
  Object.fromEntries(Object.keys(like).map((field) => [field, values[field] ?? null]));
