import type { Actors } from './actors.js';
import { type RecordedConflict, TaskLedger } from './ledger.js';
import type { ModelWorld } from './model-world.js';
import { tasksHere, tasksThere } from './tasks-seen.js';

interface LinkRow {
  id: string;
  salesforceId: string | null;
  pending: boolean;
  frozen: boolean;
  parked: string | null;
}

/** Everything that is wrong now that both sides are quiet; empty when nothing is. */
export async function wrongs(world: ModelWorld, actors: Actors, late: ReadonlySet<string>): Promise<string[]> {
  const [here, there, links, conflicts] = await Promise.all([
    tasksHere(world),
    tasksThere(world),
    world.here<LinkRow>(
      `SELECT task_id AS id, salesforce_id AS "salesforceId", frozen, parked_code AS parked,
              due_since IS NOT NULL OR sent IS NOT NULL AS pending FROM task_links ORDER BY task_id`,
    ),
    conflictsOf(world),
  ]);
  const found: string[] = [];
  const tasks = new Map(here.map((task) => [task.id, task]));
  const records = new Map(there.map((record) => [record.id, record]));
  const linked = new Set(links.map(({ salesforceId }) => salesforceId));

  for (const link of links) {
    const task = tasks.get(link.id);
    const record = link.salesforceId === null ? undefined : records.get(link.salesforceId);
    const name = `task ${link.id} (${link.salesforceId ?? 'never there'})`;
    if (link.pending) found.push(`${name} is still to be written`);
    if (link.parked) found.push(`${name} is parked: ${link.parked}`);
    if (link.frozen) found.push(`${name} is frozen although everybody syncs`);
    if (!task) continue;
    const isThere = record !== undefined && !record.deleted;
    if (task.away && !task.deleted) found.push(`${name} is away although everybody syncs`);
    if (isThere === task.deleted) found.push(`${name} is ${task.deleted ? 'deleted here only' : 'missing there'}`);
    if (!isThere || task.deleted) continue;
    for (const [field, value] of Object.entries(task.values)) {
      if (value !== record.values[field]) {
        found.push(`${name} differs in ${field}: ${value} here, ${record.values[field]} there`);
      }
    }
  }
  for (const record of there) {
    if (!record.deleted && !linked.has(record.id))
      found.push(`Task ${record.id} is in Salesforce only: ${record.values.Subject}`);
  }
  for (const id of actors.mustBeThere) {
    const link = links.find((candidate) => candidate.id === id);
    if (!link) found.push(`task ${id} was never marked for Salesforce`);
  }
  const keys = there.filter((record) => record.key && !record.deleted).map((record) => record.key?.split('.')[0]);
  if (new Set(keys).size < keys.length) found.push('a task is twice in Salesforce');

  await actors.readHistory();
  for (const task of here) {
    const ledger = new TaskLedger();
    ledger.join(actors.ledgerHere(task.id));
    const link = links.find(({ id }) => id === task.id);
    if (link?.salesforceId) ledger.join(actors.ledgerThere(link.salesforceId));
    const ofTask = conflicts.filter(({ id }) => id === task.id);
    for (const edit of ledger.lost(task.values, ofTask)) {
      found.push(`lost: ${edit.field} = ${edit.value}, made ${edit.side} in task ${task.id} over ${edit.over}`);
    }
    for (const { field, here: ours, there: theirs } of ledger.echoes(ofTask, late)) {
      found.push(`no conflict of people: ${field} = ${ours} here, ${theirs} there, in task ${task.id}`);
    }
  }
  return found;
}

async function conflictsOf(world: ModelWorld): Promise<(RecordedConflict & { id: string })[]> {
  const rows = await world.here<RecordedConflict & { id: string }>(
    'SELECT task_id AS id, field, here, there FROM sync_conflicts',
  );
  return rows.map((row) => {
    const inWords = (value: string | null) => {
      if (value === null) return null;
      if (row.field === 'Status') return value === 'Completed' ? 'closed' : 'open';
      return row.field === 'ReminderDateTime' ? new Date(value).toISOString() : value;
    };
    return { ...row, here: inWords(row.here), there: inWords(row.there) };
  });
}
