import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { LiveEvent } from './live-event.js';
import { LiveFeed, type Look } from './live-feed.repository.js';
import { LiveHints } from './live-hints.js';
import { LivePolicy } from './live-policy.js';
import type { Position } from './position.js';

/**
 * Reads the feed, one reader for all streams of this process, and only while there are any. It looks when a hint
 * comes, and every few seconds in any case.
 */
@Injectable()
export class LiveReader {
  private readonly logger = new Logger(LiveReader.name);
  private deliver: (events: readonly LiveEvent[]) => void = () => undefined;
  private reached: Position | undefined;
  private starting: Promise<void> | undefined;
  private looking: Promise<void> | undefined;
  private wanted = false;
  private timer: NodeJS.Timeout | undefined;
  private again: NodeJS.Timeout | undefined;
  private failing = false;

  constructor(
    private readonly feed: LiveFeed,
    private readonly hints: LiveHints,
    private readonly policy: LivePolicy,
  ) {}

  /** Everything up to here has been delivered; undefined while nothing is read. */
  get position(): Position | undefined {
    return this.reached;
  }

  /** Resolves when it reads. */
  async start(deliver: (events: readonly LiveEvent[]) => void): Promise<void> {
    this.deliver = deliver;
    this.timer ??= setInterval(() => this.look(), this.policy.pollMs);
    this.hints.listen(() => this.look());
    if (this.reached) return;
    this.starting ??= this.begin().finally(() => (this.starting = undefined));
    await this.starting;
  }

  /** Resolves when it has stopped. What is written meanwhile is left to whoever resumes. */
  async stop(): Promise<void> {
    this.reached = undefined;
    clearInterval(this.timer);
    clearTimeout(this.again);
    this.timer = this.again = undefined;
    await this.looking;
  }

  private async begin(): Promise<void> {
    await this.looking;
    this.reached = await this.feed.end();
  }

  private look(): void {
    this.wanted = true;
    this.looking ??= this.run().finally(() => {
      this.looking = undefined;
      if (this.wanted && this.reached) this.look();
    });
  }

  private async run(): Promise<void> {
    while (this.wanted && this.reached) {
      this.wanted = false;
      const rest = await this.lookOnce(this.reached);
      if (rest === 'more') this.wanted = true;
      else await delay(this.policy.lookGapMs);
      if (rest === 'waiting' && this.reached) this.lookAgain();
    }
  }

  private async lookOnce(from: Position): Promise<Look['rest']> {
    try {
      const { events, position, rest } = await this.feed.after(from);
      // Stopped meanwhile.
      if (this.reached !== from) return 'none';
      this.reached = position;
      this.deliver(events);
      this.failing = false;
      return rest;
    } catch (error) {
      if (!this.failing) this.logger.warn({ err: error }, 'the feed could not be read; it is tried again');
      this.failing = true;
      return 'none';
    }
  }

  /** The end of the older transaction, whose line is waited for, announces nothing where it wrote none. */
  private lookAgain(): void {
    this.again ??= setTimeout(() => {
      this.again = undefined;
      this.look();
    }, this.policy.waitingMs);
  }
}
