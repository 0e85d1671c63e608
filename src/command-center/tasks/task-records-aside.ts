import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import type { Place } from '../../platform/set-aside/set-aside.js';

const SOURCE = 'tasks';
const NAMES_RECORDS = '(who_id IS NOT NULL OR what_id IS NOT NULL OR what_name IS NOT NULL)';

// Probed by key, never joined: no statistics know of rows that this transaction wrote, and the planner would take them
// for one and go through all of them for each task.
const linkWhere = (condition: string) =>
  `EXISTS (SELECT 1 FROM set_aside_rows l WHERE l.team_id = t.team_id AND l.place = $2 AND l.source = $3
     AND l.key = t.id::text AND ${condition})`;

/**
 * What ties tasks to a Salesforce org holds while the team has that org: the records that they are about (WhoId, WhatId),
 * for the same id may be another record elsewhere; and the tasks that are in that org are put away with it, or people
 * would have them beside their copies in the next one. Nobody who follows the tasks is told: this is no edit of anybody's.
 */
@Injectable()
export class TaskRecordsAside {
  async count(reader: Reader, teamId: string): Promise<number> {
    const sql = `SELECT count(*)::int AS count FROM tasks WHERE team_id = $1 AND ${NAMES_RECORDS}`;
    return (await reader.query<{ count: number }>(sql, [teamId]))[0]?.count ?? 0;
  }

  /** Holds all that `take` will change, in the order of their ids; `linked`: the table that names those in the org. */
  async lock(tx: Tx, teamId: string, linked: string): Promise<void> {
    await tx.query(
      `SELECT count(*) FROM (
         SELECT 1 FROM tasks t WHERE t.team_id = $1 AND (${NAMES_RECORDS} OR EXISTS (
           SELECT 1 FROM ${linked} l WHERE l.team_id = t.team_id AND l.task_id = t.id))
         ORDER BY t.id FOR NO KEY UPDATE) AS held`,
      [teamId],
    );
  }

  /** `linked`: the table whose rows, set aside before, name the tasks that are in that org. Waits for whoever edits one of them. */
  async take(tx: Tx, { teamId, place }: Place, linked: string, at: Date): Promise<void> {
    await tx.query(
      `WITH held AS MATERIALIZED (
         SELECT t.id, person_id, who_id, what_id, what_name, away_since,
           ${linkWhere(`l.row ->> 'salesforce_id' IS NOT NULL`)} AS is_there
         FROM tasks t WHERE t.team_id = $1 AND (${NAMES_RECORDS} OR ${linkWhere('true')})
         ORDER BY t.id FOR NO KEY UPDATE OF t),
       kept AS (
         INSERT INTO set_aside_rows (team_id, place, source, key, row)
         SELECT $1, $2, '${SOURCE}', id::text, to_jsonb(held) FROM held
         ON CONFLICT (team_id, place, source, key) DO UPDATE SET row = excluded.row)
       UPDATE tasks t SET who_id = NULL, what_id = NULL, what_name = NULL, version = t.version + 1,
         away_since = CASE WHEN held.is_there THEN coalesce(t.away_since, $4) ELSE t.away_since END
       FROM held WHERE t.team_id = $1 AND t.id = held.id`,
      [teamId, place, linked, at],
    );
  }

  /** Whom a task is about may have been changed meanwhile: then it is that person's record, if they have one there. */
  async bringBack(tx: Tx, { teamId, place }: Place): Promise<void> {
    await tx.query(
      `WITH back AS (
         DELETE FROM set_aside_rows WHERE team_id = $1 AND place = $2 AND source = '${SOURCE}' RETURNING key, row)
       UPDATE tasks t SET
         away_since = CASE WHEN (row ->> 'is_there')::boolean THEN (row ->> 'away_since')::timestamptz ELSE t.away_since END,
         what_id = row ->> 'what_id', what_name = row ->> 'what_name', version = t.version + 1,
         who_id = CASE WHEN t.person_id IS NOT DISTINCT FROM (row ->> 'person_id')::uuid THEN row ->> 'who_id'
           ELSE (SELECT min(r.salesforce_id) FROM person_salesforce_records r
                 WHERE r.team_id = $1 AND r.person_id = t.person_id) END
       FROM back WHERE t.team_id = $1 AND t.id = back.key::uuid`,
      [teamId, place],
    );
  }

  /** Whom those that are put away were about is another from now on, or nobody. */
  async move(tx: Tx, teamId: string, from: string, to: string | null): Promise<void> {
    await tx.query(
      `UPDATE set_aside_rows SET row = row || jsonb_build_object('person_id', $3::text)
       WHERE team_id = $1 AND source = '${SOURCE}' AND row ->> 'person_id' = $2`,
      [teamId, from, to],
    );
  }
}
