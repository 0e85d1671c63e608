import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Clock } from '../../platform/clock/clock.js';
import { Periodic } from '../../platform/clock/periodic.js';
import { LiveFeed } from './live-feed.repository.js';
import { LivePolicy } from './live-policy.js';

/** Removes lines of the feed that are too old for anybody to resume from. */
@Injectable()
export class LiveTrim implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(LiveTrim.name);
  private readonly upkeep: Periodic;

  constructor(
    private readonly feed: LiveFeed,
    private readonly policy: LivePolicy,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {
    this.upkeep = new Periodic(
      policy.trimMs,
      () => this.trim(),
      (error) => this.logger.warn({ err: error }, 'old events were not removed; it is tried again'),
    );
  }

  onApplicationBootstrap(): void {
    if (this.config.get('ROLE') !== 'worker') this.upkeep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.upkeep.stop();
  }

  async trim(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - this.policy.keptMs);
    while (!this.upkeep.stopped && (await this.feed.trim(before)) === LiveFeed.trimBatch);
  }
}
