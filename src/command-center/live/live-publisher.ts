import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import type { Tx } from '../../platform/database/transactions.js';
import type { Audience, LiveMessage } from './live-event.js';
import { LiveFeed, type NewLine } from './live-feed.repository.js';
import { LiveHints } from './live-hints.js';

type Source = () => readonly { message: LiveMessage; audience: Audience }[];

/**
 * Where a room says that something changed. What one transaction says is written by one statement, at its end, and is
 * committed with the change or not at all; the hint that wakes the readers follows the commit.
 */
@Injectable()
export class LivePublisher {
  private readonly open = new WeakMap<Tx, { teamId: string; source: Source }[]>();

  constructor(
    private readonly feed: LiveFeed,
    private readonly hints: LiveHints,
    private readonly clock: Clock,
  ) {}

  publish(tx: Tx, teamId: string, message: LiveMessage, audience: Audience): void {
    this.publishAtCommit(tx, teamId, () => [{ message, audience }]);
  }

  /** `source` is asked just before the commit. */
  publishAtCommit(tx: Tx, teamId: string, source: Source): void {
    let sources = this.open.get(tx);
    if (!sources) {
      const made: { teamId: string; source: Source }[] = (sources = []);
      this.open.set(tx, made);
      tx.beforeCommit(() => this.write(tx, made));
    }
    sources.push({ teamId, source });
  }

  private async write(tx: Tx, sources: readonly { teamId: string; source: Source }[]): Promise<void> {
    const lines = new Map<string, NewLine>();
    for (const { teamId, source } of sources) {
      for (const { message, audience } of source()) {
        const line = { teamId, message, audience };
        // The same, said again to the same people.
        lines.set(JSON.stringify(line), line);
      }
    }
    if (lines.size === 0) return;
    await this.feed.append(tx, [...lines.values()], this.clock.now());
    tx.afterCommit(() => this.hints.send());
  }
}
