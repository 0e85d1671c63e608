import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import { lockOf } from './idempotency-key.js';

/** Whose key it is: the same text from somebody else is another key. */
export interface KeyIdentity {
  teamId: string;
  actor: string;
  key: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

const KEPT_MS = 24 * 60 * 60 * 1000;
/** A process that is cut off from Postgres gives its keys back after this long without a statement. */
const SILENCE_MS = 120_000;
const BATCH = 1000;

@Injectable()
export class KeptAnswers {
  constructor(
    private readonly transactions: Transactions,
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** Takes the key until the transaction ends, however it ends. False: another request has it now. */
  async lock(tx: Tx, { teamId, actor, key }: KeyIdentity): Promise<boolean> {
    await tx.query(`SET LOCAL idle_in_transaction_session_timeout = ${SILENCE_MS}`);
    const lock = lockOf(teamId, actor, key);
    const [row] = await tx.query<{ locked: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS locked', [lock]);
    return row?.locked ?? false;
  }

  async find(tx: Tx, id: KeyIdentity): Promise<(Answer & { requestHash: string }) | undefined> {
    const [row] = await tx.query<Omit<Answer, 'body'> & { requestHash: string; body: string }>(
      `SELECT request_hash AS "requestHash", status, headers, body FROM kept_answers
       WHERE team_id = $1 AND actor = $2 AND key = $3 AND created_at > $4`,
      [id.teamId, id.actor, id.key, this.oldest()],
    );
    if (!row) return undefined;
    const { body } = JSON.parse(this.secrets.open(row.body, contextOf(id))) as { body?: unknown };
    return { ...row, body };
  }

  /** In the place of one that has expired. */
  async keep(tx: Tx, id: KeyIdentity, hash: string, { status, headers, body }: Answer): Promise<void> {
    const sealed = this.secrets.seal(JSON.stringify({ body }), contextOf(id));
    await tx.query(
      `INSERT INTO kept_answers (team_id, actor, key, request_hash, status, headers, body, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (team_id, actor, key) DO UPDATE SET request_hash = EXCLUDED.request_hash, status = EXCLUDED.status,
         headers = EXCLUDED.headers, body = EXCLUDED.body, created_at = EXCLUDED.created_at`,
      [id.teamId, id.actor, id.key, hash, status, JSON.stringify(headers), sealed, this.clock.now()],
    );
  }

  /** Across all teams. How many were removed. */
  async removeExpired(): Promise<number> {
    for (let removed = 0; ;) {
      const rows = await this.transactions.query(
        `DELETE FROM kept_answers WHERE (team_id, actor, key) IN (
           SELECT team_id, actor, key FROM kept_answers WHERE created_at <= $1 LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
         RETURNING 1`,
        [this.oldest()],
      );
      removed += rows.length;
      if (rows.length < BATCH) return removed;
    }
  }

  private oldest(): Date {
    return new Date(this.clock.now().getTime() - KEPT_MS);
  }
}

function contextOf({ teamId, actor, key }: KeyIdentity): string {
  return `kept_answers:${teamId}:${actor}:${key}`;
}
