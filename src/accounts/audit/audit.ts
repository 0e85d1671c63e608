import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../../platform/clock/clock.js';
import type { Tx } from '../../platform/database/transactions.js';

export interface AuditedAct {
  teamId: string;
  /** `user:<id>`, `key:<id>` or `operator`. */
  actor: string;
  action: string;
  target?: { type: string; id: string };
  /** What changed, without any secret. */
  details?: Record<string, unknown>;
}

/** Writes down what is done with rights over others, in the transaction that does it: neither is there without the other. */
@Injectable()
export class Audit {
  constructor(private readonly clock: Clock) {}

  async record(tx: Tx, act: AuditedAct): Promise<void> {
    await this.recordAll(tx, [act]);
  }

  /** Whether the same act is in the log already since then. */
  async isRecorded(tx: Tx, { teamId, actor, action, target }: AuditedAct, since: Date): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM audit_entries
       WHERE team_id = $1 AND actor = $2 AND action = $3 AND target_id IS NOT DISTINCT FROM $4 AND at > $5
         AND id > $6 LIMIT 1`,
      [teamId, actor, action, target?.id ?? null, since, firstIdOf(since)],
    );
    return rows.length > 0;
  }

  /** In one statement: an admin may act on thousands at once. */
  async recordAll(tx: Tx, acts: readonly AuditedAct[]): Promise<void> {
    if (acts.length === 0) return;
    const rows = acts.map(({ teamId, actor, action, target, details = {} }) => ({
      ...{ team_id: teamId, id: uuidv7(), at: this.clock.now(), actor, action },
      ...{ target_type: target?.type ?? null, target_id: target?.id ?? null, details },
    }));
    await tx.query(
      `INSERT INTO audit_entries (team_id, id, at, actor, action, target_type, target_id, details)
       SELECT team_id, id, at, actor, action, target_type, target_id, details
       FROM jsonb_to_recordset($1::jsonb) AS r(team_id uuid, id uuid, at timestamptz, actor text, action text,
         target_type text, target_id text, details jsonb)`,
      [JSON.stringify(rows)],
    );
  }

  /** What people wrote in words about what is erased; that they acted stays. */
  async forgetReasons(tx: Tx, teamId: string, type: string, ids: readonly string[]): Promise<void> {
    await tx.query(
      `UPDATE audit_entries SET details = details - 'reason'
       WHERE team_id = $1 AND target_type = $2 AND target_id = ANY($3::text[]) AND details ? 'reason'`,
      [teamId, type, ids],
    );
  }
}

/** The least id that could have been made then (UUIDv7 begins with the milliseconds), for the index to begin at. */
function firstIdOf(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
