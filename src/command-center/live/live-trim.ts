import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Clock } from '../../platform/clock/clock.js';
import { LiveFeed } from './live-feed.repository.js';
import { LivePolicy } from './live-policy.js';

/** Removes lines of the feed that are too old for anybody to resume from. */
@Injectable()
export class LiveTrim implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(LiveTrim.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> | undefined;
  private stopped = false;

  constructor(
    private readonly feed: LiveFeed,
    private readonly policy: LivePolicy,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.get('ROLE') === 'worker') return;
    this.timer = setInterval(() => {
      this.running ??= this.trim()
        .catch((error: unknown) => this.logger.warn({ err: error }, 'old events were not removed; it is tried again'))
        .finally(() => (this.running = undefined));
    }, this.policy.trimMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  async trim(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - this.policy.keptMs);
    while (!this.stopped && (await this.feed.trim(before)) === LiveFeed.trimBatch);
  }
}
