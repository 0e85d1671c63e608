import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../../../platform/database/transactions.js';
import type { LaneLease } from '../../../platform/pipelines/lane-lease.js';
import type { OutgoingEmail } from './outgoing-email.js';

/** An email that somebody was sending who is gone. */
export interface Orphan {
  id: string;
  attemptId: string;
  /** It had begun to leave. */
  begun: boolean;
  attempts: number;
}

interface Wanted {
  teamId: string;
  channelId: string;
  limit: number;
  now: Date;
  /** To none of these domains. */
  without: readonly string[];
}

/** A message that is about to leave, and the lease that it leaves under. */
export interface Begin {
  attemptId: string;
  /** Whose log-in it goes by, as it was read. */
  channel: { id: string; version: number };
  lease: Pick<LaneLease, 'pipeline' | 'lane' | 'token'>;
}

/** `closed`: the channel was changed, paused or removed since; `lost`: it is not ours to send any more. */
export type Begun = 'begun' | 'closed' | 'lost';

/** Lanes in one order for all who lock several. Each attempt by its key: a channel may have made a million. */
const BEGIN = `
WITH asked AS MATERIALIZED (
  SELECT * FROM unnest($2::uuid[], $4::uuid[], $5::int[], $6::text[], $7::text[], $8::bigint[])
    AS t (id, channel_id, version, pipeline, lane, token)
), held AS MATERIALIZED (
  SELECT pipeline, lane, token FROM lanes
  WHERE pipeline = ANY($6::text[]) AND lane = ANY($7::text[]) AND token = ANY($8::bigint[]) AND lease_until IS NOT NULL
  ORDER BY pipeline, lane FOR KEY SHARE
), looked AS MATERIALIZED (
  SELECT k.id, h.token IS NOT NULL AS held, c.id IS NOT NULL AS open
  FROM asked k LEFT JOIN held h ON h.pipeline = k.pipeline AND h.lane = k.lane AND h.token = k.token
  LEFT JOIN delivery_channels c ON c.team_id = $1 AND c.id = k.channel_id AND c.version = k.version
    AND c.paused_at IS NULL AND c.deleted_at IS NULL
), begun AS (
  UPDATE email_attempts SET data_at = $3, at = $3
  WHERE team_id = $1 AND id = ANY(ARRAY(SELECT id FROM looked WHERE held AND open))
    AND data_at IS NULL AND ended_at IS NULL
  RETURNING id)
SELECT l.id, l.held, l.open, b.id IS NOT NULL AS begun FROM looked l LEFT JOIN begun b ON b.id = l.id`;

// One that was refused before it began counts from its claim on: those that ended last are among so many, claimed together.
const NEWEST_LOOKED_AT = 200;

const DOMAIN = `lower(split_part(to_address, '@', -1))`;

/** Reads and writes the tries to send emails. Only `begin` is a write that stands alone. */
@Injectable()
export class AttemptsRepository {
  /** Ids of emails that are due and that nobody else holds, longest waiting first. */
  async lockDue(tx: Tx, { teamId, channelId, limit, now, without }: Wanted): Promise<{ id: string; domain: string }[]> {
    return tx.query(
      `SELECT id, coalesce(${DOMAIN}, '') AS domain FROM emails
       WHERE team_id = $1 AND channel_id = $2 AND state = 'scheduled' AND due_at <= $3
         AND (${DOMAIN} = ANY($5::text[])) IS NOT TRUE
       ORDER BY due_at, id LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED`,
      [teamId, channelId, now, limit, without],
    );
  }

  /** When the next email of a channel is due, be it over; null: none waits. */
  async nextDue(reader: Reader, teamId: string, channelId: string): Promise<Date | null> {
    const [row] = await reader.query<{ dueAt: Date }>(
      `SELECT due_at AS "dueAt" FROM emails WHERE team_id = $1 AND channel_id = $2 AND state = 'scheduled'
       ORDER BY due_at, id LIMIT 1`,
      [teamId, channelId],
    );
    return row?.dueAt ?? null;
  }

  async insert(tx: Tx, teamId: string, channelId: string, emails: readonly OutgoingEmail[], at: Date): Promise<void> {
    if (emails.length === 0) return;
    await tx.query(
      `INSERT INTO email_attempts (team_id, id, email_id, channel_id, message_id, subject, html, at)
       SELECT $1, t.id, t.email_id, $2, t.message_id, t.subject, t.html, $3
       FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[]) AS t (id, email_id, message_id, subject, html)`,
      [
        ...[teamId, channelId, at],
        emails.map(({ attemptId }) => attemptId),
        emails.map(({ id }) => id),
        emails.map(({ messageId }) => messageId),
        emails.map(({ subject }) => subject),
        emails.map(({ html }) => html),
      ],
    );
  }

  /**
   * Writes down, for good, that messages begin to leave: from here on nobody sends them again unasked. One statement, in
   * which each is fenced by the lease that it is sent under. From now on they count for the limits of their channels, too.
   */
  async begin(reader: Reader, teamId: string, begins: readonly Begin[], now: Date): Promise<Begun[]> {
    const rows = await reader.query<{ id: string; held: boolean; open: boolean; begun: boolean }>(BEGIN, [
      ...[teamId, begins.map(({ attemptId }) => attemptId), now],
      ...[begins.map(({ channel }) => channel.id), begins.map(({ channel }) => channel.version)],
      begins.map(({ lease }) => lease.pipeline),
      begins.map(({ lease }) => lease.lane),
      begins.map(({ lease }) => lease.token),
    ]);
    const found = new Map(rows.map((row) => [row.id, row]));
    return begins.map(({ attemptId }) => {
      const row = found.get(attemptId);
      if (row?.begun) return 'begun';
      return row?.held && !row.open ? 'closed' : 'lost';
    });
  }

  /** Tries that were given back before they began: they count for no limit. */
  async forget(tx: Tx, teamId: string, ids: readonly string[]): Promise<void> {
    await tx.query('DELETE FROM email_attempts WHERE team_id = $1 AND id = ANY($2::uuid[]) AND data_at IS NULL', [
      ...[teamId, ids],
    ]);
  }

  /** Those that are being sent by this channel; only asked by who holds its lane and sends none of them. */
  async orphans(tx: Tx, teamId: string, channelId: string, limit: number): Promise<Orphan[]> {
    return tx.query<Orphan>(
      `SELECT e.id, e.attempt_id AS "attemptId", a.data_at IS NOT NULL AS begun, e.attempts
       FROM emails e JOIN email_attempts a ON a.team_id = e.team_id AND a.id = e.attempt_id
       WHERE e.team_id = $1 AND e.channel_id = $2 AND e.state = 'in_progress' ORDER BY e.id LIMIT $3`,
      [teamId, channelId, limit],
    );
  }

  /** The Message-IDs that each email follows, oldest first. */
  async threads(reader: Reader, teamId: string, ids: readonly string[]): Promise<Map<string, string[]>> {
    if (ids.length === 0) return new Map();
    const rows = await reader.query<{ leaf: string; messageIds: string[] }>(
      `WITH RECURSIVE chain AS (
         SELECT id AS leaf, reply_to_id AS id, 1 AS depth FROM emails
         WHERE team_id = $1 AND id = ANY($2::uuid[]) AND reply_to_id IS NOT NULL
         UNION ALL
         SELECT c.leaf, e.reply_to_id, c.depth + 1 FROM chain c JOIN emails e ON e.team_id = $1 AND e.id = c.id
         WHERE e.reply_to_id IS NOT NULL AND c.depth < 20
       )
       SELECT c.leaf, array_agg(a.message_id ORDER BY c.depth DESC) AS "messageIds"
       FROM chain c JOIN emails e ON e.team_id = $1 AND e.id = c.id
       JOIN email_attempts a ON a.team_id = $1 AND a.id = e.attempt_id GROUP BY c.leaf`,
      [teamId, ids],
    );
    return new Map(rows.map(({ leaf, messageIds }) => [leaf, messageIds]));
  }

  /** The Message-ID of each email that an attempt of left a doubt. */
  async doubted(reader: Reader, teamId: string, ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await reader.query<{ emailId: string; messageId: string }>(
      `SELECT DISTINCT ON (email_id) email_id AS "emailId", message_id AS "messageId" FROM email_attempts
       WHERE team_id = $1 AND email_id = ANY($2::uuid[]) AND outcome = 'doubt' ORDER BY email_id, at`,
      [teamId, ids],
    );
    return new Map(rows.map(({ emailId, messageId }) => [emailId, messageId]));
  }

  async activeUsers(reader: Reader, teamId: string, ids: readonly string[]): Promise<Set<string>> {
    const rows = await reader.query<{ id: string }>(
      'SELECT id FROM users WHERE team_id = $1 AND id = ANY($2::uuid[]) AND active',
      [teamId, [...new Set(ids)]],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Whether what a channel sent, apart from some, was refused for the address of this email; at most `most`, newest first. */
  async refusedBefore(
    reader: Reader,
    teamId: string,
    channelId: string,
    { id, apart, most }: { id: string; apart: readonly string[]; most: number },
  ): Promise<boolean[]> {
    const rows = await reader.query<{ refused: boolean }>(
      `SELECT (e.reason = 'sender_refused' AND e.attempt_id = a.id AND e.identity_id = me.identity_id) IS TRUE AS refused
       FROM (SELECT * FROM (
               SELECT id, email_id, ended_at FROM email_attempts
               WHERE team_id = $1 AND channel_id = $2 AND email_id <> ALL($5::uuid[]) AND outcome IN ('accept', 'bounce', 'fail')
               ORDER BY at DESC, id DESC LIMIT $6) w
             ORDER BY ended_at DESC, id DESC LIMIT $4) a
       JOIN emails e ON e.team_id = $1 AND e.id = a.email_id JOIN emails me ON me.team_id = $1 AND me.id = $3
       ORDER BY a.ended_at DESC, a.id DESC`,
      [teamId, channelId, id, most, apart, NEWEST_LOOKED_AT],
    );
    return rows.map(({ refused }) => refused);
  }
}
