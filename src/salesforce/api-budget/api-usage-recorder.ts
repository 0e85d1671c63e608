import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Transactions } from '../../platform/database/transactions.js';
import type { ApiUsage } from '../client/types.js';
import type { MeteredOrg } from './api-budgets.repository.js';

// Each answer says it; the page needs it to the minute.
const EVERY_MS = 5_000;
const HOUR_MS = 3_600_000;
const KEPT_DAYS = 30;

interface Pending {
  org: MeteredOrg;
  usage?: ApiUsage & { seenAt: Date };
  /** Calls by hour and purpose. */
  calls: Map<number, Map<string, number>>;
}

/** Writes what each org last said of its API usage, and our calls by hour: in batches, aside, never in a call's way. */
@Injectable()
export class ApiUsageRecorder implements OnModuleDestroy {
  private readonly logger = new Logger(ApiUsageRecorder.name);
  private readonly pending = new Map<string, Pending>();
  private readonly writtenAt = new Map<string, number>();
  private readonly writing = new Map<string, Promise<void>>();
  private readonly prunedIn = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly transactions: Transactions) {}

  /** A call is made. Written with what the next `saw` brings, or soon. */
  count(org: MeteredOrg, purpose: string, at: Date): void {
    const { calls } = this.pendingOf(org);
    const hour = Math.floor(at.getTime() / HOUR_MS) * HOUR_MS;
    const ofHour = calls.get(hour) ?? new Map<string, number>();
    calls.set(hour, ofHour.set(purpose, (ofHour.get(purpose) ?? 0) + 1));
    this.later();
  }

  /** `urgent`: other processes must know before they call. */
  saw(org: MeteredOrg, usage: ApiUsage & { seenAt: Date }, at: Date, urgent = false): void {
    this.pendingOf(org).usage = usage;
    const last = this.writtenAt.get(org.connectionId);
    // A clock that was set back must not silence it.
    if (!urgent && last !== undefined && Math.abs(at.getTime() - last) < EVERY_MS) return this.later();
    this.writtenAt.set(org.connectionId, at.getTime());
    void this.write(org.connectionId);
  }

  /** Resolves when what was seen so far is written. */
  async settled(): Promise<void> {
    while (this.pending.size + this.writing.size > 0) {
      await Promise.all([...this.pending.keys(), ...this.writing.keys()].map((id) => this.write(id)));
    }
  }

  async onModuleDestroy(): Promise<void> {
    clearTimeout(this.timer);
    await this.settled();
  }

  private pendingOf(org: MeteredOrg): Pending {
    const pending = this.pending.get(org.connectionId) ?? { org, calls: new Map() };
    this.pending.set(org.connectionId, pending);
    return pending;
  }

  /** The last calls of a burst are written although no other follows. */
  private later(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.settled();
    }, EVERY_MS).unref();
  }

  /** One write at a time for an org, so that an older usage never lands on a newer one. */
  private async write(connectionId: string): Promise<void> {
    await this.writing.get(connectionId);
    const pending = this.pending.get(connectionId);
    if (!pending || this.writing.has(connectionId)) return this.writing.get(connectionId);
    this.pending.delete(connectionId);
    const writing = this.store(pending).finally(() => this.writing.delete(connectionId));
    this.writing.set(connectionId, writing);
    return writing;
  }

  private async store({ org, usage, calls }: Pending): Promise<void> {
    const { teamId, connectionId } = org;
    const rows = [...calls].flatMap(([hour, ofHour]) => [...ofHour].map(([purpose, n]) => ({ hour, purpose, n })));
    try {
      await this.transactions.query(
        `WITH seen AS (
           UPDATE salesforce_org_states SET api_used = $3, api_limit = $4, api_seen_at = $5
           WHERE team_id = $1 AND connection_id = $2 AND $5::timestamptz IS NOT NULL
         )
         INSERT INTO salesforce_api_calls AS c (team_id, connection_id, hour, purpose, calls)
         SELECT $1, $2, made.hour, made.purpose, made.calls
         FROM unnest($6::timestamptz[], $7::text[], $8::int[]) AS made (hour, purpose, calls)
         -- Of a deleted team nothing is kept.
         JOIN salesforce_connections s ON s.team_id = $1 AND s.id = $2
         ON CONFLICT (team_id, connection_id, hour, purpose) DO UPDATE SET calls = c.calls + excluded.calls`,
        [
          ...[teamId, connectionId, usage?.used ?? null, usage?.limit ?? null, usage?.seenAt ?? null],
          rows.map(({ hour }) => new Date(hour)),
          rows.map(({ purpose }) => purpose),
          rows.map(({ n }) => n),
        ],
      );
      await this.prune(org, Math.max(0, ...calls.keys()));
    } catch (error) {
      this.logger.warn({ err: error, connection: connectionId }, 'the API usage was not stored');
    }
  }

  /** Once an hour, with that hour's first calls. */
  private async prune({ teamId, connectionId }: MeteredOrg, hour: number): Promise<void> {
    if ((this.prunedIn.get(connectionId) ?? 0) >= hour) return;
    this.prunedIn.set(connectionId, hour);
    await this.transactions.query(
      'DELETE FROM salesforce_api_calls WHERE team_id = $1 AND connection_id = $2 AND hour < $3',
      [teamId, connectionId, new Date(hour - KEPT_DAYS * 24 * HOUR_MS)],
    );
  }
}
