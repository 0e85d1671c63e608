import { Injectable } from '@nestjs/common';
import { type Reader, type Tx, Transactions } from '../../platform/database/transactions.js';
import type { ExactValues, LinkBase, SentWrite } from './task-fields.js';

export interface Link {
  taskId: string;
  salesforceId: string | null;
  keyGeneration: number;
  base: LinkBase | null;
  sent: SentWrite | null;
  /** Earlier writes whose answers were lost and that may still commit. */
  doubts: SentWrite[] | null;
  dueSince: Date | null;
  dueGeneration: number;
  notBefore: Date | null;
  attempts: number;
  parkedCode: string | null;
  frozen: boolean;
  deletedThere: boolean;
  archived: boolean;
}

/** A link that waits to be written. */
export interface DueLink {
  taskId: string;
  op: 'create' | 'update' | 'delete';
}

/** A link's new state after a merge or a write. */
export interface LinkUpdate {
  taskId: string;
  salesforceId: string | null;
  keyGeneration: number;
  base: LinkBase | null;
  sent: SentWrite | null;
  doubts: SentWrite[] | null;
  /** due: mark it (again), as of `dueSince`; done: clear the mark unless a newer one came after `dueGeneration`; keep: leave it. */
  due: 'due' | 'done' | 'keep';
  dueSince: Date | null;
  dueGeneration: number;
  notBefore: Date | null;
  attempts: number;
  parkedCode: string | null;
  /** Null: leave it. While a call was on its way the rep may have turned the sync on or off. */
  frozen: boolean | null;
  deletedThere: boolean;
  archived: boolean;
  systemModstamp: string | null;
}

export const LINK_COLUMNS = `task_id AS "taskId", salesforce_id AS "salesforceId", key_generation AS "keyGeneration", base, sent, doubts,
  due_since AS "dueSince", due_generation AS "dueGeneration", not_before AS "notBefore", attempts, parked_code AS "parkedCode", frozen,
  deleted_there AS "deletedThere", archived`;

// What was asked for while the write was on its way is not lost with the base that it was prepared on.
const BASE = `CASE WHEN l.due_generation > u.due_generation AND l.base ? 'exact'
  THEN u.base::jsonb || jsonb_build_object('exact', l.base -> 'exact') ELSE u.base::jsonb END`;

const DUE = 'due_since IS NOT NULL AND NOT frozen AND parked_code IS NULL';
/** Sent, and not answered yet: while nobody holds the org, what a killed worker left behind. */
const IN_FLIGHT = 'sent IS NOT NULL AND due_since IS NULL AND NOT frozen';

/** The task_links table. Rows are locked after their tasks, in id order. */
@Injectable()
export class Links {
  constructor(private readonly transactions: Transactions) {}

  /** Due links, longest waiting first, with the operation that each will most likely need. */
  async due(teamId: string, now: Date, limit: number): Promise<DueLink[]> {
    return this.transactions.query<DueLink>(
      `SELECT l.task_id AS "taskId",
              CASE WHEN l.salesforce_id IS NULL THEN 'create' WHEN t.deleted_at IS NULL THEN 'update' ELSE 'delete' END
                AS op
       FROM (SELECT task_id, salesforce_id, due_since FROM task_links
             WHERE team_id = $1 AND ${DUE} AND (not_before IS NULL OR not_before <= $2)
             ORDER BY due_since, task_id LIMIT $3) l
       JOIN tasks t ON t.team_id = $1 AND t.id = l.task_id
       ORDER BY l.due_since, l.task_id`,
      [teamId, now, limit],
    );
  }

  async byTaskIds(teamId: string, taskIds: readonly string[], reader: Reader = this.transactions): Promise<Link[]> {
    return reader.query<Link>(
      `SELECT ${LINK_COLUMNS} FROM task_links WHERE team_id = $1 AND task_id = ANY($2::uuid[]) ORDER BY task_id`,
      [teamId, taskIds],
    );
  }

  /** When the first link may be written, and since when the longest waiting one waits. */
  async nextDue(teamId: string): Promise<{ readyAt: Date; since: Date } | undefined> {
    // A mark is due whatever its time says: our clock may have been set back since.
    const [row] = await this.transactions.query<{ readyAt: Date | null; since: Date | null }>(
      `SELECT min(coalesce(not_before, 'epoch')) AS "readyAt", min(due_since) AS since FROM task_links
       WHERE team_id = $1 AND ${DUE}`,
      [teamId],
    );
    return row?.readyAt && row.since ? { readyAt: row.readyAt, since: row.since } : undefined;
  }

  async teamsWithDue(now: Date, limit: number): Promise<string[]> {
    const rows = await this.transactions.query<{ id: string }>(
      `SELECT c.id FROM salesforce_connections c
       JOIN salesforce_org_states s ON s.team_id = c.team_id AND s.connection_id = c.id
       WHERE s.org_schema ->> 'keyField' = 'ready' AND (EXISTS (
         SELECT 1 FROM task_links l WHERE l.team_id = c.team_id AND ${DUE} AND (not_before IS NULL OR not_before <= $1))
         OR EXISTS (SELECT 1 FROM task_links l WHERE l.team_id = c.team_id AND ${IN_FLIGHT}))
       LIMIT $2`,
      [now, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** All that waits to be written, of all teams; parked and frozen links wait for somebody. Reads the index of due links. */
  async backlog(): Promise<{ due: number; oldest: Date | null }> {
    const [row] = await this.transactions.query<{ due: string; oldest: Date | null }>(
      `SELECT count(*) AS due, min(due_since) AS oldest FROM task_links WHERE ${DUE}`,
    );
    return { due: Number(row?.due ?? 0), oldest: row?.oldest ?? null };
  }

  /** Marks every write in doubt as due again: what was sent is not due, so without this it would be forgotten. */
  async markInDoubt(tx: Tx, teamId: string, now: Date): Promise<number> {
    const rows = await tx.query(
      `UPDATE task_links SET due_since = coalesce(due_since, $2), not_before = NULL
       WHERE team_id = $1 AND sent IS NOT NULL AND (due_since IS NULL OR not_before IS NOT NULL) RETURNING task_id`,
      [teamId, now],
    );
    return rows.length;
  }

  /**
   * Links of these reps' tasks that were in Salesforce before, in the order of their tasks' ids; also of those that
   * went away to one of them there, before that rep synced.
   */
  async ofReps(
    teamId: string,
    reps: readonly { userId: string; salesforceUserId: string }[],
    after: string,
    limit: number,
  ): Promise<Link[]> {
    return this.transactions.query<Link>(
      `SELECT ${LINK_COLUMNS} FROM task_links l
       WHERE l.team_id = $1 AND l.salesforce_id IS NOT NULL AND NOT l.deleted_there AND ($3::uuid IS NULL OR l.task_id > $3)
         AND l.task_id IN (
           SELECT id FROM tasks WHERE team_id = $1 AND assignee_id = ANY($2::uuid[])
           UNION ALL
           SELECT t.id FROM tasks t JOIN task_links a ON a.team_id = t.team_id AND a.task_id = t.id
           WHERE t.team_id = $1 AND t.away_since IS NOT NULL AND a.base #>> '{there,OwnerId}' = ANY($5::text[]))
       ORDER BY l.task_id LIMIT $4`,
      [teamId, reps.map((rep) => rep.userId), after || null, limit, reps.map((rep) => rep.salesforceUserId)],
    );
  }

  async bySalesforceIds(tx: Tx, teamId: string, ids: readonly string[]): Promise<Map<string, Link>> {
    const rows = await tx.query<Link>(
      `SELECT ${LINK_COLUMNS} FROM task_links WHERE team_id = $1 AND salesforce_id = ANY($2::text[])`,
      [teamId, ids],
    );
    return new Map(rows.map((link) => [link.salesforceId ?? '', link]));
  }

  /** Creates whose answers are not known, and when their tasks were made here. */
  async createsInDoubt(tx: Tx, teamId: string): Promise<{ link: Link; madeHereAt: Date }[]> {
    const rows = await tx.query<Link & { madeHereAt: Date }>(
      `SELECT ${LINK_COLUMNS},
              (SELECT created_at FROM tasks t WHERE t.team_id = l.team_id AND t.id = l.task_id) AS "madeHereAt"
       FROM task_links l WHERE team_id = $1 AND sent IS NOT NULL AND sent ->> 'op' = 'create' AND salesforce_id IS NULL
       ORDER BY task_id`,
      [teamId],
    );
    return rows.map(({ madeHereAt, ...link }) => ({ link, madeHereAt }));
  }

  async lock(tx: Tx, teamId: string, taskIds: readonly string[]): Promise<Map<string, Link>> {
    const rows = await tx.query<Link>(
      `SELECT ${LINK_COLUMNS} FROM task_links WHERE team_id = $1 AND task_id = ANY($2::uuid[])
       ORDER BY task_id FOR NO KEY UPDATE`,
      [teamId, taskIds],
    );
    return new Map(rows.map((link) => [link.taskId, link]));
  }

  /** Links of newly imported tasks, agreed as they were read. */
  async insertImported(
    tx: Tx,
    teamId: string,
    rows: readonly {
      taskId: string;
      salesforceId: string;
      base: LinkBase;
      archived: boolean;
      systemModstamp: string;
    }[],
    at: Date,
  ): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(
      `INSERT INTO task_links (team_id, task_id, salesforce_id, base, archived, system_modstamp, agreed_at)
       SELECT $1, t.task_id, t.salesforce_id, t.base::jsonb, t.archived, t.system_modstamp, $2
       FROM unnest($3::uuid[], $4::text[], ${documents('$5')}, $6::boolean[], $7::timestamptz[])
         AS t (task_id, salesforce_id, base, archived, system_modstamp)`,
      [
        teamId,
        at,
        rows.map((row) => row.taskId),
        rows.map((row) => row.salesforceId),
        joined(rows.map((row) => row.base)),
        rows.map((row) => row.archived),
        rows.map((row) => row.systemModstamp),
      ],
    );
  }

  async update(tx: Tx, teamId: string, updates: readonly LinkUpdate[], at: Date): Promise<void> {
    if (updates.length === 0) return;
    await tx.query(
      `UPDATE task_links l SET
         salesforce_id = u.salesforce_id, key_generation = u.key_generation, base = ${BASE}, sent = u.sent::jsonb,
         doubts = u.doubts::jsonb,
         due_since = CASE u.due
           WHEN 'due' THEN coalesce(l.due_since, u.due_since, $2)
           WHEN 'done' THEN CASE WHEN l.due_generation > u.due_generation THEN l.due_since END
           ELSE l.due_since END,
         not_before = u.not_before, attempts = u.attempts, frozen = coalesce(u.frozen, l.frozen),
         -- A mark set in between means that somebody changed the task: that is what a parked link waits for.
         parked_code = CASE WHEN l.due_generation > u.due_generation THEN NULL ELSE u.parked_code END,
         deleted_there = u.deleted_there, archived = u.archived,
         system_modstamp = coalesce(u.system_modstamp, l.system_modstamp), agreed_at = $2
       FROM unnest($3::uuid[], $4::text[], $5::int[], ${documents('$6')}, ${documents('$7')}, $8::text[], $9::int[],
                   $10::timestamptz[], $11::int[], $12::boolean[], $13::text[], $14::boolean[], $15::boolean[],
                   $16::timestamptz[], ${documents('$17')}, $18::timestamptz[])
         AS u (task_id, salesforce_id, key_generation, base, sent, due, due_generation, not_before,
               attempts, frozen, parked_code, deleted_there, archived, system_modstamp, doubts, due_since)
       WHERE l.team_id = $1 AND l.task_id = u.task_id`,
      [
        teamId,
        at,
        updates.map((u) => u.taskId),
        updates.map((u) => u.salesforceId),
        updates.map((u) => u.keyGeneration),
        joined(updates.map((u) => u.base)),
        joined(updates.map((u) => u.sent)),
        updates.map((u) => u.due),
        updates.map((u) => u.dueGeneration),
        updates.map((u) => u.notBefore),
        updates.map((u) => u.attempts),
        updates.map((u) => u.frozen),
        updates.map((u) => u.parkedCode),
        updates.map((u) => u.deletedThere),
        updates.map((u) => u.archived),
        updates.map((u) => u.systemModstamp),
        joined(updates.map((u) => u.doubts)),
        updates.map((u) => u.dueSince),
      ],
    );
  }

  async postpone(tx: Tx, teamId: string, taskIds: readonly string[], until: Date): Promise<void> {
    await tx.query('UPDATE task_links SET not_before = $3 WHERE team_id = $1 AND task_id = ANY($2::uuid[])', [
      teamId,
      taskIds,
      until,
    ]);
  }

  async thaw(tx: Tx, teamId: string, taskIds: readonly string[]): Promise<void> {
    if (taskIds.length === 0) return;
    await tx.query('UPDATE task_links SET frozen = false WHERE team_id = $1 AND task_id = ANY($2::uuid[])', [
      teamId,
      taskIds,
    ]);
  }

  /** Links of tasks that are not there yet; those that have one keep it. */
  async make(tx: Tx, teamId: string, taskIds: readonly string[]): Promise<void> {
    if (taskIds.length === 0) return;
    await tx.query(`INSERT INTO task_links (team_id, task_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING`, [
      teamId,
      taskIds,
    ]);
  }

  /** Tried again from the start, whatever it waited for; also one that waits for nothing. Answers how many. */
  async retry(tx: Tx, teamId: string, taskIds: readonly string[], at: Date): Promise<number> {
    const rows = await tx.query(
      `WITH locked AS MATERIALIZED (
         SELECT task_id FROM task_links WHERE team_id = $1 AND task_id = ANY($2::uuid[]) ORDER BY task_id FOR NO KEY UPDATE)
       UPDATE task_links l SET due_since = coalesce(l.due_since, $3), due_generation = l.due_generation + 1,
         parked_code = NULL, not_before = NULL, attempts = 0
       FROM locked WHERE l.team_id = $1 AND l.task_id = locked.task_id RETURNING 1`,
      [teamId, taskIds, at],
    );
    return rows.length;
  }

  /** Not tried again until somebody edits the task. */
  async park(tx: Tx, teamId: string, taskId: string, code: string): Promise<void> {
    await tx.query(
      'UPDATE task_links SET parked_code = coalesce(parked_code, $3) WHERE team_id = $1 AND task_id = $2',
      [teamId, taskId, code],
    );
  }

  /** Asks for values there as they are, of a task that is or was there. The caller marks the link. */
  async askExactly(tx: Tx, teamId: string, taskId: string, values: ExactValues): Promise<void> {
    await tx.query(
      `UPDATE task_links SET base = base || jsonb_build_object('exact', coalesce(base -> 'exact', '{}') || $3::jsonb)
       WHERE team_id = $1 AND task_id = $2 AND base IS NOT NULL`,
      [teamId, taskId, JSON.stringify(values)],
    );
  }

  /** Makes or marks links in the transaction that changed their tasks. */
  async mark(tx: Tx, teamId: string, taskIds: readonly string[], make: readonly string[], at: Date): Promise<void> {
    await this.make(tx, teamId, make);
    await tx.query(
      `UPDATE task_links SET due_since = coalesce(due_since, $3), due_generation = due_generation + 1,
         parked_code = NULL, not_before = NULL, attempts = 0
       WHERE team_id = $1 AND task_id = ANY($2::uuid[])`,
      [teamId, taskIds, at],
    );
  }
}

// JSON documents go as one text: in an array each of their quotes would be escaped here and unescaped there. JSON text
// holds no control characters, so one of them can part the documents; an empty one stands for null.
function joined(values: readonly (object | null)[]): string {
  return values.map((value) => (value ? JSON.stringify(value) : '')).join('\x01');
}

/** The same as text[]. */
function documents(parameter: string): string {
  return `string_to_array(${parameter}, E'\\x01', '')`;
}
