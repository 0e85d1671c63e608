import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Transactions } from '../../platform/database/transactions.js';
import type { ApiUsage } from '../client/types.js';

// Each answer says it; the page needs it to the minute.
const EVERY_MS = 5_000;

/** Writes what each org last said of its API usage to its state: seldom, aside, and never in a call's way. */
@Injectable()
export class ApiUsageRecorder implements OnModuleDestroy {
  private readonly logger = new Logger(ApiUsageRecorder.name);
  private readonly writtenAt = new Map<string, number>();
  private readonly writing = new Map<string, Promise<void>>();

  constructor(private readonly transactions: Transactions) {}

  saw(connectionId: string, usage: ApiUsage, at: Date): void {
    const last = this.writtenAt.get(connectionId);
    // A clock that was set back must not silence it.
    if (last !== undefined && Math.abs(at.getTime() - last) < EVERY_MS) return;
    if (this.writing.has(connectionId)) return;
    this.writtenAt.set(connectionId, at.getTime());
    const writing = this.write(connectionId, usage, at).finally(() => this.writing.delete(connectionId));
    this.writing.set(connectionId, writing);
  }

  /** Resolves when what was seen so far is written. */
  async settled(): Promise<void> {
    await Promise.all(this.writing.values());
  }

  async onModuleDestroy(): Promise<void> {
    await this.settled();
  }

  private async write(connectionId: string, usage: ApiUsage, at: Date): Promise<void> {
    try {
      await this.transactions.query(
        `UPDATE salesforce_org_states SET api_used = $2, api_limit = $3, api_seen_at = $4 WHERE connection_id = $1`,
        [connectionId, usage.used, usage.limit, at],
      );
    } catch (error) {
      this.logger.warn({ err: error, connection: connectionId }, 'the API usage was not stored');
    }
  }
}
