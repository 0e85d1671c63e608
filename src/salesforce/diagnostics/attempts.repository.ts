import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type Reader, type Tx, Transactions } from '../../platform/database/transactions.js';
import type { AttemptOperation, AttemptOutcome } from './sync-attempt.entity.js';

export interface NewAttempt {
  taskId: string;
  operation: AttemptOperation;
  outcome: AttemptOutcome;
  code: string | null;
  message: string | null;
  /** Names of Salesforce fields. */
  fields: readonly string[];
  salesforceId: string | null;
}

export interface Attempt extends NewAttempt {
  id: string;
  at: Date;
}

/** The sync_attempts table: appended to, read by task, trimmed by age. */
@Injectable()
export class Attempts {
  constructor(private readonly transactions: Transactions) {}

  async record(tx: Tx, teamId: string, attempts: readonly NewAttempt[], at: Date): Promise<void> {
    if (attempts.length === 0) return;
    await tx.query(
      `INSERT INTO sync_attempts (team_id, at, id, task_id, operation, outcome, code, message, fields, salesforce_id)
       SELECT $1, $2, id, task_id, operation, outcome, code, message, string_to_array(fields, ','), salesforce_id
       FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
         AS t (id, task_id, operation, outcome, code, message, fields, salesforce_id)`,
      [
        teamId,
        at,
        attempts.map(() => uuidv7()),
        attempts.map((attempt) => attempt.taskId),
        attempts.map((attempt) => attempt.operation),
        attempts.map((attempt) => attempt.outcome),
        attempts.map((attempt) => attempt.code),
        attempts.map((attempt) => attempt.message),
        attempts.map((attempt) => attempt.fields.join(',')),
        attempts.map((attempt) => attempt.salesforceId),
      ],
    );
  }

  /** Newest first; `before` is an id of any line of the trace. */
  async ofTask(
    reader: Reader,
    teamId: string,
    taskId: string,
    before: string | null,
    limit: number,
  ): Promise<Attempt[]> {
    return reader.query<Attempt>(
      `SELECT id, task_id AS "taskId", at, operation, outcome, code, message, fields, salesforce_id AS "salesforceId"
       FROM sync_attempts WHERE team_id = $1 AND task_id = $2 AND ($3::uuid IS NULL OR id < $3)
       ORDER BY id DESC LIMIT $4`,
      [teamId, taskId, before, limit],
    );
  }

  /** Removes at most `limit` rows older than `before`. Answers how many. */
  async trim(teamId: string, before: Date, limit: number): Promise<number> {
    const rows = await this.transactions.query(
      `DELETE FROM sync_attempts WHERE ctid = ANY(ARRAY(
         SELECT ctid FROM sync_attempts WHERE at < $2 AND team_id = $1 LIMIT $3)) AND team_id = $1 RETURNING 1`,
      [teamId, before, limit],
    );
    return rows.length;
  }
}
