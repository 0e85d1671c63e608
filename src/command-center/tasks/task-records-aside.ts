import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import type { Place } from '../../platform/set-aside/set-aside.js';

const SOURCE = 'tasks';
const NAMES_RECORDS = '(who_id IS NOT NULL OR what_id IS NOT NULL OR what_name IS NOT NULL)';

/**
 * The records of a Salesforce org that tasks are about (WhoId, WhatId): they hold while the team has that org, for the
 * same id may be another record elsewhere. Nobody who follows the tasks is told: this is no edit of anybody's.
 */
@Injectable()
export class TaskRecordsAside {
  async count(reader: Reader, teamId: string): Promise<number> {
    const sql = `SELECT count(*)::int AS count FROM tasks WHERE team_id = $1 AND ${NAMES_RECORDS}`;
    return (await reader.query<{ count: number }>(sql, [teamId]))[0]?.count ?? 0;
  }

  /** Waits for whoever edits one of these tasks, and takes what is there then. */
  async take(tx: Tx, { teamId, place }: Place): Promise<void> {
    await tx.query(
      `WITH held AS MATERIALIZED (
         SELECT id, person_id, who_id, what_id, what_name FROM tasks
         WHERE team_id = $1 AND ${NAMES_RECORDS} ORDER BY id FOR NO KEY UPDATE),
       kept AS (
         INSERT INTO set_aside_rows (team_id, place, source, key, row)
         SELECT $1, $2, '${SOURCE}', id::text, to_jsonb(held) FROM held
         ON CONFLICT (team_id, place, source, key) DO UPDATE SET row = excluded.row)
       UPDATE tasks t SET who_id = NULL, what_id = NULL, what_name = NULL, version = t.version + 1
       FROM held WHERE t.team_id = $1 AND t.id = held.id`,
      [teamId, place],
    );
  }

  /** Whom a task is about may have been changed meanwhile: then it is that person's record, if they have one there. */
  async bringBack(tx: Tx, { teamId, place }: Place): Promise<void> {
    await tx.query(
      `WITH back AS (
         DELETE FROM set_aside_rows WHERE team_id = $1 AND place = $2 AND source = '${SOURCE}' RETURNING key, row)
       UPDATE tasks t SET what_id = row ->> 'what_id', what_name = row ->> 'what_name', version = t.version + 1,
         who_id = CASE WHEN t.person_id IS NOT DISTINCT FROM (row ->> 'person_id')::uuid THEN row ->> 'who_id'
           ELSE (SELECT min(r.salesforce_id) FROM person_salesforce_records r
                 WHERE r.team_id = $1 AND r.person_id = t.person_id) END
       FROM back WHERE t.team_id = $1 AND t.id = back.key::uuid`,
      [teamId, place],
    );
  }
}
