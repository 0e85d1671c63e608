// The floor of the push: what has to be done at least to bring changed tasks into Salesforce without overwriting what
// was changed there meanwhile.
//
//   - The present state there of what is changed or deleted, 2,000 records a call, compared with what was agreed.
//   - Only the fields that differ, 1,000 records a call in five collections, filled to the last place: the changes are
//     taken in the order of their kinds, which a program that serves people in turn cannot do.
//   - Done is marked for a whole call at once, with the new agreed state.
//
// What it leaves out: `sent` (after a crash it would not know what it had written), the merge of what did change
// there, the lease, locks on the tasks, history, the run's record, conflicts and problems.

import pg from 'pg';
import { childMain } from '../support/child.js';
import { BareOrg } from '../support/bare-org.js';
import type { ProductInput } from '../support/product.js';
import type { Task } from '../stand-in/org-data.js';

const READ = 2_000;
const COLLECTION = 200;
const COLLECTIONS = 5;
const SYNCED = [
  ...(['Subject', 'Status', 'Priority', 'ActivityDate', 'Description', 'ReminderDateTime'] as const),
  ...(['OwnerId', 'WhoId', 'WhatId'] as const),
];
type Synced = (typeof SYNCED)[number];
type Fields = Record<Synced, string | null>;
interface Base {
  there: Fields;
  here: { name: string; status: string; priority: string };
}

interface Due {
  id: string;
  salesforceId: string | null;
  generation: number;
  base: Base | null;
  deleted: boolean;
  name: string;
  status: 'open' | 'completed';
  priority: 'high' | 'normal' | 'low';
  dueDate: string | null;
  details: string | null;
  reminderAt: string | null;
  ownerId: string;
  whoId: string | null;
  whatId: string | null;
}

interface Written {
  due: Due;
  op: 'POST' | 'PATCH' | 'DELETE';
  record: Record<string, unknown>;
  base: Base;
}

const DUE = `
SELECT t.id, l.salesforce_id AS "salesforceId", l.due_generation AS generation, l.base, t.deleted_at IS NOT NULL AS deleted,
  t.name, t.status, t.priority, t.due_date::text AS "dueDate", t.details, t.who_id AS "whoId", t.what_id AS "whatId",
  to_char(t.reminder_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "reminderAt",
  m.salesforce_user_id AS "ownerId"
FROM task_links l
JOIN tasks t ON t.team_id = l.team_id AND t.id = l.task_id
JOIN salesforce_user_matches m ON m.team_id = t.team_id AND m.user_id = t.assignee_id
WHERE l.team_id = $1 AND l.due_since IS NOT NULL AND NOT l.frozen AND l.parked_code IS NULL
ORDER BY l.salesforce_id IS NOT NULL, t.deleted_at IS NOT NULL, l.due_since, l.task_id LIMIT ${READ}`;

const DONE = `
UPDATE task_links l SET salesforce_id = u.salesforce_id, base = u.base, deleted_there = u.deleted, agreed_at = now(),
  due_since = CASE WHEN l.due_generation > u.generation THEN l.due_since END
FROM unnest($2::uuid[], $3::text[], $4::jsonb[], $5::boolean[], $6::int[])
  AS u (task_id, salesforce_id, base, deleted, generation)
WHERE l.team_id = $1 AND l.task_id = u.task_id`;

const STATUS = { open: 'Not Started', completed: 'Completed' };
const PRIORITY = { high: 'High', normal: 'Normal', low: 'Low' };

childMain(async (input: ProductInput) => {
  const started = performance.now();
  const db = new pg.Client({ connectionString: input.databaseUrl });
  await db.connect();
  const org = new BareOrg(input.orgUrl);
  for (;;) {
    const { rows } = await db.query<Due>(DUE, [input.team.teamId]);
    if (rows.length === 0) break;
    const writes = await prepare(org, rows);
    for (const call of callsOf(writes)) await write(db, org, input.team.teamId, call);
  }
  await db.end();
  return { seconds: (performance.now() - started) / 1000 };
});

async function prepare(org: BareOrg, rows: readonly Due[]): Promise<Written[]> {
  const known = rows.filter((row) => row.salesforceId !== null);
  const present = await org.retrieve<Task>(
    'Task',
    known.map((row) => row.salesforceId ?? ''),
    ['Id', ...SYNCED, 'IsReminderSet', 'IsClosed', 'IsDeleted', 'LastModifiedDate', 'LastModifiedById'],
  );
  known.forEach(({ base }, i) => {
    const row = present[i];
    const same = row && base && SYNCED.every((field) => canonical(row, field) === base.there[field]);
    if (!same) throw new Error('The floor does not merge.');
  });
  return rows.map(prepareOne);
}

function prepareOne(due: Due): Written {
  const here = { name: due.name, status: due.status, priority: due.priority };
  const wanted: Fields = {
    Subject: due.name,
    Status: due.base?.here.status === due.status ? due.base.there.Status : STATUS[due.status],
    Priority: due.base?.here.priority === due.priority ? due.base.there.Priority : PRIORITY[due.priority],
    ActivityDate: due.dueDate,
    Description: due.details,
    ReminderDateTime: due.reminderAt,
    OwnerId: due.ownerId,
    WhoId: due.whoId,
    WhatId: due.whoId?.startsWith('00Q') ? null : due.whatId,
  };
  const attributes = { type: 'Task' };
  if (!due.base) {
    const set = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null));
    const record = { attributes, ...set, Command_Center_Key__c: `${due.id}.1` };
    return { due, op: 'POST', record, base: { there: wanted, here } };
  }
  const { base } = due;
  if (due.deleted) return { due, op: 'DELETE', record: {}, base };
  const record: Record<string, unknown> = { attributes, id: due.salesforceId };
  for (const field of SYNCED) if (wanted[field] !== base.there[field]) record[field] = wanted[field];
  return { due, op: 'PATCH', record, base: { there: wanted, here } };
}

function callsOf(writes: readonly Written[]): Written[][][] {
  const collections: Written[][] = [];
  for (const op of ['POST', 'PATCH', 'DELETE'] as const) {
    const all = writes.filter((one) => one.op === op);
    for (let at = 0; at < all.length; at += COLLECTION) collections.push(all.slice(at, at + COLLECTION));
  }
  const calls: Written[][][] = [];
  for (let at = 0; at < collections.length; at += COLLECTIONS) calls.push(collections.slice(at, at + COLLECTIONS));
  return calls;
}

interface CompositeAnswer {
  compositeResponse: { body: { id: string; success: boolean }[] }[];
}

async function write(db: pg.Client, org: BareOrg, teamId: string, call: readonly Written[][]): Promise<void> {
  const answer = await org.call<CompositeAnswer>('POST', '/composite', {
    allOrNone: false,
    compositeRequest: call.map((collection, i) => {
      const op = collection[0]?.op ?? 'PATCH';
      const path = '/services/data/v62.0/composite/sobjects';
      const ids = collection.map(({ due }) => due.salesforceId).join(',');
      if (op === 'DELETE') return { method: op, url: `${path}?ids=${ids}&allOrNone=false`, referenceId: `part${i}` };
      const body = { allOrNone: false, records: collection.map(({ record }) => record) };
      return { method: op, url: path, referenceId: `part${i}`, body };
    }),
  });
  const written = call.flat();
  const results = answer.compositeResponse.flatMap(({ body }) => body);
  if (!results.every(({ success }) => success)) throw new Error('Not all was written.');
  await db.query(DONE, [
    teamId,
    written.map(({ due }) => due.id),
    results.map(({ id }) => id),
    written.map(({ base }) => JSON.stringify(base)),
    written.map(({ op }) => op === 'DELETE'),
    written.map(({ due }) => due.generation),
  ]);
}

function canonical(row: Task, field: Synced): string | null {
  const value = row[field];
  if (field !== 'ReminderDateTime') return field === 'Description' ? value?.trim() || null : value;
  return row.IsReminderSet && value ? `${value.slice(0, 19)}Z` : null;
}
