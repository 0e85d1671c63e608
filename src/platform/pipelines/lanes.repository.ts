// Row locks on a lane, and why:
//
//   announce, renew, release   UPDATE of plain columns         (locks FOR NO KEY UPDATE)
//   a slice's transaction      SELECT … FOR KEY SHARE          waits for neither of those, nor they for it
//   take                       SELECT … FOR UPDATE SKIP LOCKED conflicts with a slice's transaction
//   forget                     DELETE                           waits for a slice's transaction
//
// So an old holder's open transaction keeps the lane from being taken (fencing), while wake-ups and the holder's own
// renewals pass it, the heartbeat's too. FOR SHARE would block both: a renewal during the holder's own transaction would
// wait for itself.
// A taker that meets a lock goes away instead of waiting in a slot: either another taker has the lane, or the sweeper
// comes back.

import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../database/transactions.js';
import type { TakenLane } from './lane-lease.js';

export interface LaneRef {
  pipeline: string;
  lane: string;
}

type Held = LaneRef & { token: string };

@Injectable()
export class LanesRepository {
  constructor(private readonly transactions: Transactions) {}

  /** Says "a consumer has begun": +1 on the generation, before its first look. */
  async announce(pipeline: string, lane: string): Promise<void> {
    await this.transactions.query(
      // A lane that was forgotten and comes back must not give out an old holder's token: tokens begin with the time.
      `INSERT INTO lanes AS l (pipeline, lane, generation, token)
       VALUES ($1, $2, 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
       ON CONFLICT (pipeline, lane) DO UPDATE SET generation = l.generation + 1`,
      [pipeline, lane],
    );
  }

  /** Forgets lanes and whoever holds them; who would begin there waits for this transaction's end. See LaneEnds. */
  async forget(tx: Tx, refs: readonly LaneRef[]): Promise<void> {
    const lanes = [refs.map((ref) => ref.pipeline), refs.map((ref) => ref.lane)];
    // Made first where there is none: a row that is not there cannot be locked.
    await tx.query(
      `INSERT INTO lanes (pipeline, lane) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING`,
      lanes,
    );
    await tx.query(
      `DELETE FROM lanes l USING unnest($1::text[], $2::text[]) AS gone (pipeline, lane)
       WHERE l.pipeline = gone.pipeline AND l.lane = gone.lane`,
      lanes,
    );
  }

  /** Gives the lease back and forgets the lane. */
  async forgetHeld(held: Held): Promise<void> {
    await this.transactions.query('DELETE FROM lanes WHERE pipeline = $1 AND lane = $2 AND token = $3', [
      held.pipeline,
      held.lane,
      held.token,
    ]);
  }

  /** The generations of lanes; a lane that never ran has none. */
  async generations(refs: readonly LaneRef[]): Promise<(LaneRef & { generation: string })[]> {
    return this.transactions.query(
      `SELECT wanted.pipeline, wanted.lane, coalesce(l.generation, 0) AS generation
       FROM unnest($1::text[], $2::text[]) AS wanted (pipeline, lane) LEFT JOIN lanes l USING (pipeline, lane)`,
      [refs.map((ref) => ref.pipeline), refs.map((ref) => ref.lane)],
    );
  }

  /** The lease, when it is free or ran out and the lane does not rest after a failure. */
  async take(
    pipeline: string,
    lane: string,
    holder: string,
    leaseMs: number,
    now: Date,
  ): Promise<TakenLane | undefined> {
    const rows = await this.transactions.query<TakenLane>(
      `WITH free AS MATERIALIZED (
         SELECT pipeline, lane FROM lanes
         WHERE pipeline = $1 AND lane = $2
           AND (lease_until IS NULL OR lease_until <= clock_timestamp()) AND (retry_at IS NULL OR retry_at <= $5)
         FOR UPDATE SKIP LOCKED
       )
       UPDATE lanes l
       SET token = l.token + 1, lease_until = clock_timestamp() + $4 * interval '1 millisecond', holder = $3
       FROM free WHERE l.pipeline = free.pipeline AND l.lane = free.lane
       RETURNING l.pipeline, l.lane, l.token, l.generation, l.failures`,
      [pipeline, lane, holder, leaseMs, now],
    );
    return rows[0];
  }

  /** The generation as it is now, or undefined when the token no longer holds. */
  async renew(held: Held, leaseMs: number): Promise<string | undefined> {
    const rows = await this.transactions.query<{ generation: string }>(
      `UPDATE lanes SET lease_until = clock_timestamp() + $4 * interval '1 millisecond'
       WHERE pipeline = $1 AND lane = $2 AND token = $3 AND lease_until IS NOT NULL
       RETURNING generation`,
      [held.pipeline, held.lane, held.token, leaseMs],
    );
    return rows[0]?.generation;
  }

  /** Whether the token holds; if so, nobody takes the lane until the transaction ends. */
  async holdInTransaction(tx: Tx, held: Held): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM lanes
       WHERE pipeline = $1 AND lane = $2 AND token = $3 AND lease_until IS NOT NULL
       FOR KEY SHARE`,
      [held.pipeline, held.lane, held.token],
    );
    return rows.length === 1;
  }

  /** Gives the lease back after good work, unless another consumer began since the last look; says whether it did. */
  async releaseUnlessWoken(held: Held, seenGeneration: string): Promise<boolean> {
    return this.giveBack(held, ', failures = 0, retry_at = NULL, last_error = NULL', 'AND generation = $4', [
      seenGeneration,
    ]);
  }

  /** Gives the lease back after good work. */
  async release(held: Held): Promise<boolean> {
    return this.giveBack(held, ', failures = 0, retry_at = NULL, last_error = NULL');
  }

  /** Gives the lease back and leaves what is remembered of failures as it is. */
  async releaseUnfinished(held: Held): Promise<boolean> {
    return this.giveBack(held, '');
  }

  /** Gives the lease back; the lane rests until `retryAt`. */
  async releaseFailed(held: Held, failures: number, retryAt: Date, error: string): Promise<boolean> {
    return this.giveBack(held, ', failures = $4, retry_at = $5, last_error = $6', '', [failures, retryAt, error]);
  }

  /** Those that nobody works on and that do not rest after a failure. */
  async asleep(pipeline: string, lanes: readonly string[], now: Date): Promise<string[]> {
    const rows = await this.transactions.query<{ lane: string }>(
      `SELECT wanted.lane FROM unnest($2::text[]) WITH ORDINALITY AS wanted (lane, position)
       LEFT JOIN lanes l ON l.pipeline = $1 AND l.lane = wanted.lane
       WHERE (l.lease_until IS NULL OR l.lease_until <= clock_timestamp()) AND (l.retry_at IS NULL OR l.retry_at <= $3)
       ORDER BY wanted.position`,
      [pipeline, lanes, now],
    );
    return rows.map((row) => row.lane);
  }

  /** Lanes that somebody works on. */
  async held(): Promise<LaneRef[]> {
    return this.transactions.query('SELECT pipeline, lane FROM lanes WHERE lease_until > clock_timestamp()');
  }

  /** Lanes that rest after a failure, with its reason. */
  async resting(now: Date): Promise<(LaneRef & { retryAt: Date; error: string })[]> {
    return this.transactions.query(
      `SELECT pipeline, lane, retry_at AS "retryAt", last_error AS error FROM lanes WHERE retry_at > $1
       ORDER BY pipeline, lane`,
      [now],
    );
  }

  /** The rest of one lane after a failure; undefined when it does not rest. */
  async restOf(pipeline: string, lane: string, now: Date): Promise<{ retryAt: Date; error: string } | undefined> {
    const [row] = await this.transactions.query<{ retryAt: Date; error: string }>(
      `SELECT retry_at AS "retryAt", last_error AS error FROM lanes
       WHERE pipeline = $1 AND lane = $2 AND retry_at > $3`,
      [pipeline, lane, now],
    );
    return row;
  }

  private async giveBack(held: Held, set: string, and = '', more: readonly unknown[] = []): Promise<boolean> {
    const rows = await this.transactions.query(
      `UPDATE lanes SET lease_until = NULL, holder = NULL ${set}
       WHERE pipeline = $1 AND lane = $2 AND token = $3 AND lease_until IS NOT NULL ${and} RETURNING 1`,
      [held.pipeline, held.lane, held.token, ...more],
    );
    return rows.length === 1;
  }
}
