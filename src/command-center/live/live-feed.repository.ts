// Invariant: who reads only lines of transactions below `pg_snapshot_xmin` has passed over none. All transactions below
// it have ended, and no later one gets a number below it. A line above it waits until the older ones have ended.

import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import type { Audience, LiveEvent, LiveMessage } from './live-event.js';
import { comparePositions, type Position } from './position.js';

export interface NewLine {
  teamId: string;
  message: LiveMessage;
  audience: Audience;
}

interface Row {
  team_id: string;
  xid: string;
  id: string;
  name: string;
  data: object;
  audience: string[] | null;
}

export interface Look {
  events: LiveEvent[];
  /** Everything up to here has been read. */
  position: Position;
  /** `more`: the page was full. `waiting`: lines are there whose turn has not come. */
  rest: 'none' | 'more' | 'waiting';
}

const PAGE = 1_000;
const TRIM_BATCH = 5_000;
const COLUMNS = 'e.team_id, e.xid, e.id, e.name, e.data, e.audience';

@Injectable()
export class LiveFeed {
  constructor(private readonly transactions: Transactions) {}

  async append(tx: Tx, lines: readonly NewLine[], at: Date): Promise<void> {
    const rows = lines.map(({ teamId, message: { name, data }, audience }, n) => {
      const { to, users = [], people = [], tasks = [] } = audience;
      return { n, team_id: teamId, name, data, team: to === 'team', users, people, tasks };
    });
    await tx.query(
      `INSERT INTO live_events (team_id, xid, name, data, audience, at)
       SELECT e.team_id, pg_current_xact_id()::text::bigint, e.name, e.data,
         CASE WHEN e.team OR seen.shared THEN NULL ELSE ARRAY(
           SELECT DISTINCT u FROM unnest(e.users || seen.owners || ARRAY(
             SELECT assignee_id FROM tasks t WHERE t.team_id = e.team_id AND t.id = ANY(e.tasks))) AS u
           WHERE u IS NOT NULL) END, $2
       FROM jsonb_to_recordset($1::jsonb) AS e (n int, team_id uuid, name text, data jsonb, team boolean, users uuid[],
                                               people uuid[], tasks uuid[])
       CROSS JOIN LATERAL (
         SELECT coalesce(bool_or(p.shared), false) AS shared, coalesce(array_agg(p.owner_id), '{}') AS owners
         FROM people p WHERE p.team_id = e.team_id AND p.id = ANY(e.people) AND p.deleted_at IS NULL) AS seen
       ORDER BY e.n`,
      [JSON.stringify(rows), at],
    );
  }

  /** Where the feed stands now: what commits later is after it. */
  async end(): Promise<Position> {
    const [row] = await this.transactions.query<{ xmin: string }>(
      'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin',
    );
    return { xid: BigInt(row?.xmin ?? 0), id: 0n };
  }

  /** The next page of all teams. */
  async after(position: Position): Promise<Look> {
    const rows = await this.transactions.query<{ xmin: string } & (Row | { xid: null })>(
      `SELECT s.xmin, ${COLUMNS} FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin) s
       LEFT JOIN LATERAL (SELECT * FROM live_events WHERE (xid, id) > ($1, $2) ORDER BY xid, id LIMIT ${PAGE}) e ON true
       ORDER BY e.xid, e.id`,
      [String(position.xid), String(position.id)],
    );
    const end = { xid: BigInt(rows[0]?.xmin ?? 0), id: 0n };
    const lines = rows.filter((row): row is { xmin: string } & Row => row.xid !== null).map(eventOf);
    const events = lines.filter((event) => event.position.xid < end.xid);
    if (events.length === PAGE) return { events, position: events.at(-1)?.position ?? position, rest: 'more' };
    const reached = comparePositions(position, end) < 0 ? end : position;
    return { events, position: reached, rest: events.length < lines.length ? 'waiting' : 'none' };
  }

  /** A team's lines after one position up to another, at most `limit`. */
  async between(teamId: string, after: Position, upTo: Position, limit: number): Promise<LiveEvent[]> {
    const rows = await this.transactions.query<Row>(
      `SELECT ${COLUMNS} FROM live_events e
       WHERE e.team_id = $1 AND (e.xid, e.id) > ($2, $3) AND (e.xid, e.id) <= ($4, $5) ORDER BY e.xid, e.id LIMIT $6`,
      [teamId, ...[after, upTo].flatMap(({ xid, id }) => [String(xid), String(id)]), limit],
    );
    return rows.map(eventOf);
  }

  /** Whether everything after it is still there, and it is a place in this feed: not in one before a restore, say. */
  async reaches(position: Position): Promise<boolean> {
    const [row] = await this.transactions.query<{ ok: boolean }>(
      `SELECT ($1::bigint, $2::bigint) >= (xid, id)
          AND $1::bigint <= pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS ok
       FROM live_feed_start`,
      [String(position.xid), String(position.id)],
    );
    return row?.ok ?? false;
  }

  /** Removes a batch of the oldest lines, those from before a time. How many. */
  async trim(before: Date): Promise<number> {
    const [row] = await this.transactions.query<{ removed: number }>(
      `WITH oldest AS MATERIALIZED (
         SELECT team_id, xid, id, at FROM live_events ORDER BY xid, id LIMIT ${TRIM_BATCH} FOR UPDATE SKIP LOCKED
       ), removed AS (
         DELETE FROM live_events e USING oldest o
         WHERE e.team_id = o.team_id AND e.xid = o.xid AND e.id = o.id AND o.at < $1 RETURNING e.xid, e.id
       ), last AS (
         SELECT xid, id FROM removed ORDER BY xid DESC, id DESC LIMIT 1
       ), noted AS (
         UPDATE live_feed_start s SET xid = l.xid, id = l.id FROM last l WHERE (s.xid, s.id) < (l.xid, l.id)
       )
       SELECT count(*)::int AS removed FROM removed`,
      [before],
    );
    return row?.removed ?? 0;
  }

  static readonly trimBatch = TRIM_BATCH;
}

function eventOf(row: Row): LiveEvent {
  const { team_id: teamId, name, data, audience } = row;
  const position = { xid: BigInt(row.xid), id: BigInt(row.id) };
  return { name, data, teamId, position, audience } as LiveEvent;
}
