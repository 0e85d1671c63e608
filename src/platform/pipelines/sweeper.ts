import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Clock } from '../clock/clock.js';
import { Transactions } from '../database/transactions.js';
import { LanesRepository } from './lanes.repository.js';
import { Pipelines } from './pipelines.js';
import { WakeUps } from './wake-ups.js';

const LOCK = 1_937_204_417;
const PAGE = 1_000;
const LARGEST_PAGE = 256_000;

/**
 * Wakes lanes that have due work while nobody works on them: after a lost hint, a killed worker, an emptied Redis.
 * An interval in the process, not a job in Redis, so that it outlives what Redis forgets.
 */
@Injectable()
export class Sweeper {
  private readonly logger = new Logger(Sweeper.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> | undefined;

  constructor(
    private readonly pipelines: Pipelines,
    private readonly lanes: LanesRepository,
    private readonly wakeUps: WakeUps,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.tick(), this.config.get('SWEEP_SECONDS') * 1000);
    this.tick();
  }

  /** Resolves when a sweep that is under way has ended. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Looks once, unless another process does at this moment. How many lanes it woke. */
  async sweepOnce(): Promise<number> {
    return this.transactions.run(async (tx) => {
      const [row] = await tx.query<{ locked: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS locked', [LOCK]);
      if (!row?.locked) return 0;
      let woken = 0;
      for (const { name } of this.pipelines.catalogue) woken += await this.sweepPipeline(name);
      return woken;
    });
  }

  private tick(): void {
    this.running ??= this.sweepOnce()
      .catch((error: unknown) => this.logger.warn({ err: error }, 'a sweep failed; the next one tries again'))
      .finally(() => (this.running = undefined));
  }

  private async sweepPipeline(pipeline: string): Promise<number> {
    try {
      const asleep = await this.sleepingLanes(pipeline);
      for (const lane of asleep) this.wakeUps.wake(pipeline, lane);
      return asleep.length;
    } catch (error) {
      this.logger.error({ err: error, pipeline }, 'a pipeline could not be swept');
      return 0;
    }
  }

  /** Lanes with due work that nobody works on and that do not rest. */
  async sleepingLanes(pipeline: string): Promise<string[]> {
    const now = this.clock.now();
    for (let limit = PAGE; ; limit *= 4) {
      const due = await this.pipelines.handler(pipeline).dueLanes(now, limit);
      const asleep = await this.lanes.asleep(pipeline, due, now);
      // A page full of lanes that rest or are worked on must not hide the ones behind it.
      if (asleep.length > 0 || due.length < limit || limit >= LARGEST_PAGE) return asleep;
    }
  }
}
