import { Injectable } from '@nestjs/common';
import type { ChannelLimits } from '../../command-center/senders/channel-values.js';
import { backoffMs } from '../../platform/pipelines/backoff.js';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import { type Allowance, DAY_MS, type DomainSent, MINUTE_MS, SECOND_MS, type Sent } from './pace.js';

const MOST_BACKOFF_MS = 900_000;

const NEWEST = 'SELECT at FROM email_attempts WHERE team_id = $1 AND channel_id = $2';
/** Of a rolling window, no more than its limit: older attempts cost nothing. */
const windowOf = (since: string, limit: string) =>
  `(SELECT count(*)::int AS begun, min(at) AS oldest
    FROM (${NEWEST} AND at > ${since}::timestamptz ORDER BY at DESC LIMIT ${limit}::int) w)`;

/** What the limits ask of the past, in one read of the newest part of the index (team_id, channel_id, at). */
const SENT = `
SELECT to_json(s) AS second, to_json(m) AS minute, to_json(d) AS day, b.begun AS "inBatch",
  (${NEWEST} ORDER BY at DESC LIMIT 1) AS newest
FROM ${windowOf('$3', '$4')} s, ${windowOf('$5', '$6')} m, ${windowOf('$7', '$8')} d,
  (SELECT count(*) FILTER (WHERE at >= coalesce(started, at))::int AS begun FROM (
    SELECT at, max(at) FILTER (WHERE rest >= make_interval(secs => $10::int)) OVER () AS started FROM (
      SELECT at, at - lead(at) OVER (ORDER BY at DESC) AS rest
      FROM (${NEWEST} ORDER BY at DESC LIMIT $9::int) n) r) t) b`;

/** The recipients' domains of the last minute; each email is found by its key, as a fresh table has no statistics to join by. */
const DOMAINS = `
SELECT domain, count(*)::int AS begun, (array_agg(at ORDER BY at DESC))[least(count(*), $4::int)] AS oldest
FROM (SELECT a.at, (SELECT lower(split_part(e.to_address, '@', -1)) FROM emails e
                    WHERE e.team_id = a.team_id AND e.id = a.email_id) AS domain
      FROM email_attempts a WHERE a.team_id = $1 AND a.channel_id = $2 AND a.at > $3) s
WHERE domain IS NOT NULL GROUP BY domain`;

interface SentRow extends Omit<Sent, 'second' | 'minute' | 'day'> {
  second: WindowRow;
  minute: WindowRow;
  day: WindowRow;
}

interface WindowRow {
  begun: number;
  oldest: string | null;
}

/** How channels are paced: what they have sent, and what they wait for. */
@Injectable()
export class PaceRepository {
  /** Until the transaction ends no other worker counts what this one is about to begin; answers the gap that was drawn. */
  async hold(tx: Tx, teamId: string, channelId: string): Promise<{ gapUntil: Date | null }> {
    const [row] = await tx.query<{ gapUntil: Date | null }>(
      `SELECT gap_until AS "gapUntil" FROM delivery_channel_paces WHERE team_id = $1 AND channel_id = $2
       FOR NO KEY UPDATE`,
      [teamId, channelId],
    );
    return { gapUntil: row?.gapUntil ?? null };
  }

  async sent(reader: Reader, teamId: string, channelId: string, limits: ChannelLimits, now: Date): Promise<Sent> {
    const since = (ms: number) => new Date(now.getTime() - ms);
    const { perSecond, perMinute, perDay, batchSize, batchWaitSeconds } = limits;
    const [row] = await reader.query<SentRow>(SENT, [
      ...[teamId, channelId, since(SECOND_MS), perSecond ?? 0, since(MINUTE_MS), perMinute ?? 0],
      ...[since(DAY_MS), perDay ?? 0, batchSize ?? 0, batchWaitSeconds ?? 0],
    ]);
    if (!row) throw new Error('A read without conditions has one row.');
    const windowed = ({ begun, oldest }: WindowRow) => ({ begun, oldest: oldest === null ? null : new Date(oldest) });
    return { ...row, second: windowed(row.second), minute: windowed(row.minute), day: windowed(row.day) };
  }

  /** By domain of recipients, for the limit of each; nothing is read where there is none. */
  async sentToDomains(
    reader: Reader,
    teamId: string,
    channelId: string,
    { perDomainPerMinute }: ChannelLimits,
    now: Date,
  ): Promise<DomainSent[]> {
    if (perDomainPerMinute === null) return [];
    const since = new Date(now.getTime() - MINUTE_MS);
    return reader.query<DomainSent>(DOMAINS, [teamId, channelId, since, perDomainPerMinute]);
  }

  /** The gap that follows the email just begun. */
  async keepGap(tx: Tx, teamId: string, channelId: string, gapUntil: Date | null): Promise<void> {
    await tx.query(
      `UPDATE delivery_channel_paces SET gap_until = $3
       WHERE team_id = $1 AND channel_id = $2 AND gap_until IS DISTINCT FROM $3`,
      [teamId, channelId, gapUntil],
    );
  }

  /** For its limits' sake. */
  async wait(
    tx: Tx,
    teamId: string,
    channelId: string,
    { notBefore, waitingFor }: Pick<Allowance, 'notBefore' | 'waitingFor'>,
  ): Promise<void> {
    await tx.query(
      `UPDATE delivery_channel_paces SET not_before = $3, waiting_for = $4
       WHERE team_id = $1 AND channel_id = $2 AND (not_before, waiting_for) IS DISTINCT FROM ($3, $4)`,
      [teamId, channelId, notBefore, waitingFor],
    );
  }

  /**
   * The server refuses the log-in or our address: nothing more is begun until somebody mends it. Who has just done so is not
   * stopped by an answer to the log-in of before: `version` is the channel's as it was used.
   */
  async stop(
    tx: Tx,
    teamId: string,
    { id, version }: { id: string; version: number },
    trouble: string,
    now: Date,
  ): Promise<void> {
    const used = await tx.query(
      'SELECT 1 FROM delivery_channels WHERE team_id = $1 AND id = $2 AND version = $3 FOR SHARE',
      [teamId, id, version],
    );
    if (used.length === 0) return;
    await tx.query(
      `UPDATE delivery_channel_paces SET stopped_at = $3, trouble = $4, not_before = NULL, waiting_for = NULL
       WHERE team_id = $1 AND channel_id = $2 AND stopped_at IS NULL`,
      [teamId, id, now, trouble],
    );
  }

  /**
   * The server failed: it is left alone for a while, longer each time. Connections that fail together are one failure.
   * `random` is in [0, 1).
   */
  async backOff(
    tx: Tx,
    teamId: string,
    channelId: string,
    { trouble, now, random }: { trouble: string; now: Date; random: number },
  ): Promise<void> {
    const [row] = await tx.query<{ failures: number }>(
      `SELECT failures FROM delivery_channel_paces
       WHERE team_id = $1 AND channel_id = $2 AND stopped_at IS NULL
         AND (waiting_for = 'server' AND not_before > $3) IS NOT TRUE
       FOR NO KEY UPDATE`,
      [teamId, channelId, now],
    );
    if (!row) return;
    const until = new Date(now.getTime() + backoffMs(row.failures + 1, random, MOST_BACKOFF_MS));
    await tx.query(
      `UPDATE delivery_channel_paces
       SET failures = $3, trouble = $4, not_before = $5, waiting_for = 'server'
       WHERE team_id = $1 AND channel_id = $2`,
      [teamId, channelId, row.failures + 1, trouble, until],
    );
  }

  /** The server took an email: all is well again. Writes nothing when all was. */
  async clear(tx: Tx, teamId: string, channelId: string): Promise<void> {
    await tx.query(
      `UPDATE delivery_channel_paces SET failures = 0, trouble = NULL,
         not_before = CASE WHEN waiting_for = 'server' THEN NULL ELSE not_before END,
         waiting_for = nullif(waiting_for, 'server')
       WHERE team_id = $1 AND channel_id = $2 AND stopped_at IS NULL
         AND (failures > 0 OR trouble IS NOT NULL OR waiting_for = 'server')`,
      [teamId, channelId],
    );
  }
}
