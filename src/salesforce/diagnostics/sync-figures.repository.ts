import { Injectable } from '@nestjs/common';
import { Transactions } from '../../platform/database/transactions.js';

const DAY_MS = 24 * 3_600_000;

export interface OrgFigures {
  status: string;
  paused: boolean;
  /** Rests because the org said that its limit is reached. */
  quiet: boolean;
  /** The API budget holds work back. */
  held: boolean;
  /** Seconds since the last complete pull; null when nobody syncs or it does not run. */
  behind: number | null;
  apiUsed: number | null;
  apiLimit: number | null;
}

/** Reads for the metrics: of all teams together, and never more than a row an org or a code. */
@Injectable()
export class SyncFigures {
  constructor(private readonly transactions: Transactions) {}

  orgs(now: Date): Promise<OrgFigures[]> {
    return this.transactions.query<OrgFigures>(
      `SELECT c.status, c.paused, coalesce(s.quiet_until > $1, false) AS quiet,
              s.api_holds IS NOT NULL AND s.api_holds <> '{}' AS held,
              CASE WHEN s.next_pull_at IS NOT NULL AND c.status = 'connected' AND NOT c.paused
                THEN greatest(0, extract(epoch FROM $1 - coalesce(s.last_pull_at, c.connected_at)))::float8 END AS behind,
              CASE WHEN s.api_seen_at > $2 THEN s.api_used END AS "apiUsed", s.api_limit AS "apiLimit"
       FROM salesforce_connections c
       JOIN salesforce_org_states s ON s.team_id = c.team_id AND s.connection_id = c.id
       WHERE c.status <> 'disconnected'`,
      [now, dayBefore(now)],
    );
  }

  /** Our calls of the last 24 hours. The table keeps 30 days: each org's part is found by the key. */
  callsByPurpose(now: Date): Promise<{ purpose: string; calls: string }[]> {
    return this.transactions.query(
      `SELECT a.purpose, sum(a.calls) AS calls FROM salesforce_connections c
       JOIN LATERAL (
         SELECT purpose, calls FROM salesforce_api_calls
         WHERE team_id = c.team_id AND connection_id = c.id AND hour > $1) a ON true
       GROUP BY a.purpose`,
      [dayBefore(now)],
    );
  }

  openProblems(): Promise<{ code: string; n: string }[]> {
    return this.transactions.query(
      `SELECT code, count(*) AS n FROM sync_problems WHERE resolved_at IS NULL AND ignored_at IS NULL GROUP BY code`,
    );
  }

  async parked(): Promise<number> {
    const [row] = await this.transactions.query<{ n: string }>(
      'SELECT count(*) AS n FROM task_links WHERE parked_code IS NOT NULL',
    );
    return Number(row?.n ?? 0);
  }

  async openAlarms(): Promise<number> {
    const [row] = await this.transactions.query<{ n: string }>(
      `SELECT count(*) AS n FROM sync_alarms WHERE state = 'open'`,
    );
    return Number(row?.n ?? 0);
  }

  /** Ids begin with the time (UUIDv7): each team's last day is the end of its key. */
  async conflictsOfDay(now: Date): Promise<number> {
    const since = dayBefore(now);
    const [row] = await this.transactions.query<{ n: string }>(
      `SELECT coalesce(sum(k.n), 0) AS n FROM teams t JOIN LATERAL (
         SELECT count(*) AS n FROM sync_conflicts c
         WHERE c.team_id = t.id AND c.id >= $1 AND c.at > $2) k ON true`,
      [firstIdOf(since), since],
    );
    return Number(row?.n ?? 0);
  }
}

function dayBefore(now: Date): Date {
  return new Date(now.getTime() - DAY_MS);
}

/** The least UUIDv7 of a moment. */
function firstIdOf(time: Date): string {
  const hex = time.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
