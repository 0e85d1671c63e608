import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type Tx, Transactions } from '../../../platform/database/transactions.js';
import type { AlarmState } from './sync-alarm.entity.js';

export interface Alarm {
  id: string;
  state: AlarmState;
  asked: number;
  absent: number;
  seesAll: boolean | null;
  at: Date;
  lastAt: Date;
  lookAt: Date | null;
  lookAfter: string | null;
  decidedBy: string | null;
  decidedAt: Date | null;
}

export interface NamedAbsence {
  alarmId: string;
  taskId: string;
  name: string;
  salesforceId: string | null;
}

/** What was asked for by id and is not to be seen. */
export interface Absence {
  /** Tasks whose records are missing. */
  absent: readonly string[];
  asked: number;
  seesAll: boolean | null;
}

const SELECTED = `id, state, asked, absent, sees_all AS "seesAll", at, last_at AS "lastAt", look_at AS "lookAt",
  look_after AS "lookAfter", decided_by AS "decidedBy", decided_at AS "decidedAt"`;

/** The tables of alarms and of the tasks that each holds. */
@Injectable()
export class Alarms {
  constructor(private readonly transactions: Transactions) {}

  /** Opens the team's alarm, or adds to the one that is open. Also holds what was confirmed and not carried out yet. */
  async raise(tx: Tx, teamId: string, absence: Absence, at: Date, lookAt: Date): Promise<void> {
    const { absent, asked, seesAll } = absence;
    const [live] = await tx.query<{ id: string }>(
      `SELECT id FROM sync_alarms WHERE team_id = $1 AND state IN ('open', 'dismissed') FOR UPDATE`,
      [teamId],
    );
    const id = live?.id ?? uuidv7();
    if (!live) {
      await tx.query(
        `INSERT INTO sync_alarms (team_id, id, kind, asked, absent, at, last_at)
         VALUES ($1, $2, 'improbable_absence', 0, 0, $3, $3)`,
        [teamId, id, at],
      );
    }
    await tx.query(
      `INSERT INTO sync_absences (team_id, alarm_id, task_id, since)
       SELECT $1, $2, t.id, $4 FROM unnest($3::uuid[]) AS t (id) ORDER BY t.id
       ON CONFLICT (team_id, task_id) WHERE settled_at IS NULL
         DO UPDATE SET alarm_id = excluded.alarm_id, since = excluded.since, confirmed = false
         WHERE sync_absences.alarm_id <> excluded.alarm_id`,
      [teamId, id, absent, at],
    );
    await tx.query(
      `UPDATE sync_alarms a SET state = 'open', sees_all = $3, last_at = $4, look_at = coalesce(a.look_at, $5),
         absent = held.count, asked = greatest(a.asked, $6, held.count)
       FROM (SELECT count(*)::int AS count FROM sync_absences
             WHERE team_id = $1 AND alarm_id = $2 AND settled_at IS NULL) held
       WHERE a.team_id = $1 AND a.id = $2`,
      [teamId, id, seesAll, at, lookAt, asked],
    );
  }

  /** Of these tasks, those held under an alarm, and whether a person confirmed that their records were purged. */
  async held(teamId: string, taskIds: readonly string[]): Promise<Map<string, { confirmed: boolean }>> {
    const rows = await this.transactions.query<{ id: string; confirmed: boolean }>(
      `SELECT task_id AS id, confirmed FROM sync_absences
       WHERE team_id = $1 AND task_id = ANY($2::uuid[]) AND settled_at IS NULL`,
      [teamId, taskIds],
    );
    return new Map(rows.map(({ id, confirmed }) => [id, { confirmed }]));
  }

  /** The alarm's tasks, in the order of their ids. */
  async heldBy(teamId: string, alarmId: string, after: string | null, limit: number): Promise<string[]> {
    const rows = await this.transactions.query<{ id: string }>(
      `SELECT task_id AS id FROM sync_absences
       WHERE team_id = $1 AND alarm_id = $2 AND settled_at IS NULL AND ($3::uuid IS NULL OR task_id > $3)
       ORDER BY task_id LIMIT $4`,
      [teamId, alarmId, after, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Seen again, or deleted here as confirmed. */
  async settle(tx: Tx, teamId: string, taskIds: readonly string[], at: Date): Promise<void> {
    await tx.query(
      `UPDATE sync_absences SET settled_at = $3
       WHERE team_id = $1 AND task_id = ANY($2::uuid[]) AND settled_at IS NULL`,
      [teamId, taskIds, at],
    );
  }

  async write(tx: Tx, teamId: string, id: string, values: Partial<Alarm>): Promise<void> {
    const columns = {
      state: 'state',
      seesAll: 'sees_all',
      lastAt: 'last_at',
      lookAt: 'look_at',
      lookAfter: 'look_after',
      decidedBy: 'decided_by',
      decidedAt: 'decided_at',
    } as const;
    const names = (Object.keys(columns) as (keyof typeof columns)[]).filter((name) => values[name] !== undefined);
    await tx.query(
      `UPDATE sync_alarms SET ${names.map((name, i) => `${columns[name]} = $${i + 3}`).join(', ')}
       WHERE team_id = $1 AND id = $2`,
      [teamId, id, ...names.map((name) => values[name])],
    );
  }

  /** From here on these count as deleted there, once they are looked for and missing again. */
  async confirmHeld(tx: Tx, teamId: string, id: string): Promise<void> {
    await tx.query(
      `UPDATE sync_absences SET confirmed = true WHERE team_id = $1 AND alarm_id = $2 AND settled_at IS NULL`,
      [teamId, id],
    );
  }

  async lock(tx: Tx, teamId: string, id: string): Promise<Alarm | undefined> {
    const [alarm] = await tx.query<Alarm>(
      `SELECT ${SELECTED} FROM sync_alarms WHERE team_id = $1 AND id = $2 FOR UPDATE`,
      [teamId, id],
    );
    return alarm;
  }

  async find(teamId: string, id: string): Promise<Alarm | undefined> {
    const [alarm] = await this.transactions.query<Alarm>(
      `SELECT ${SELECTED} FROM sync_alarms WHERE team_id = $1 AND id = $2`,
      [teamId, id],
    );
    return alarm;
  }

  /** Newest first. */
  async list(teamId: string, state: AlarmState | undefined, before: string | undefined, limit: number) {
    return this.transactions.query<Alarm>(
      `SELECT ${SELECTED} FROM sync_alarms
       WHERE team_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR id < $3)
       ORDER BY id DESC LIMIT $4`,
      [teamId, state ?? null, before ?? null, limit],
    );
  }

  /** A few tasks of each alarm, by name. */
  async examples(teamId: string, alarmIds: readonly string[], ofEach: number): Promise<NamedAbsence[]> {
    return this.transactions.query<NamedAbsence>(
      `SELECT a.alarm_id AS "alarmId", t.id AS "taskId", t.name, l.salesforce_id AS "salesforceId"
       FROM unnest($2::uuid[]) AS alarm (id)
       CROSS JOIN LATERAL (
         SELECT alarm_id, task_id FROM sync_absences
         WHERE team_id = $1 AND alarm_id = alarm.id ORDER BY task_id LIMIT $3) a
       JOIN tasks t ON t.team_id = $1 AND t.id = a.task_id
       LEFT JOIN task_links l ON l.team_id = $1 AND l.task_id = a.task_id
       ORDER BY a.alarm_id, t.id`,
      [teamId, alarmIds, ofEach],
    );
  }

  async countOpen(teamId: string): Promise<number> {
    const [row] = await this.transactions.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM sync_alarms WHERE team_id = $1 AND state = 'open'`,
      [teamId],
    );
    return row?.count ?? 0;
  }

  /** The alarm to look after first; while nobody syncs, nothing is looked for. */
  async nextLook(teamId: string): Promise<Alarm | undefined> {
    const [alarm] = await this.transactions.query<Alarm>(
      `SELECT ${SELECTED} FROM sync_alarms
       WHERE team_id = $1 AND look_at IS NOT NULL AND EXISTS (
         SELECT 1 FROM salesforce_org_states s WHERE s.team_id = $1 AND s.next_pull_at IS NOT NULL)
       ORDER BY look_at, id LIMIT 1`,
      [teamId],
    );
    return alarm;
  }

  /** Looks that are due, of all teams. */
  async backlog(now: Date): Promise<{ due: number; oldest: Date | null }> {
    const [row] = await this.transactions.query<{ due: string; oldest: Date | null }>(
      'SELECT count(*) AS due, min(look_at) AS oldest FROM sync_alarms WHERE look_at <= $1',
      [now],
    );
    return { due: Number(row?.due ?? 0), oldest: row?.oldest ?? null };
  }

  async lanesToLook(now: Date, limit: number): Promise<string[]> {
    const rows = await this.transactions.query<{ id: string }>(
      `SELECT DISTINCT s.connection_id AS id FROM sync_alarms a JOIN salesforce_org_states s ON s.team_id = a.team_id
       WHERE a.look_at <= $1 AND s.next_pull_at IS NOT NULL LIMIT $2`,
      [now, limit],
    );
    return rows.map(({ id }) => id);
  }
}
