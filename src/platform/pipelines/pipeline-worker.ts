import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Config } from '../../config/config.js';
import { LaneRunner } from './lane-runner.js';
import { PipelineQueues } from './pipeline-queues.js';
import { Pipelines } from './pipelines.js';
import { Sweeper } from './sweeper.js';
import { WakeUps } from './wake-ups.js';

const LONGEST_SLICE_MS = 20_000;
const LAST_WAKE_UPS_MS = 500;

/** Starts and stops background work with the application. */
@Injectable()
export class PipelineWorker implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly logger = new Logger(PipelineWorker.name);

  constructor(
    private readonly config: Config,
    private readonly pipelines: Pipelines,
    private readonly queues: PipelineQueues,
    private readonly runner: LaneRunner,
    private readonly sweeper: Sweeper,
    private readonly wakeUps: WakeUps,
  ) {}

  onApplicationBootstrap(): void {
    this.pipelines.assertComplete();
    if (this.config.get('ROLE') === 'api') return;
    for (const { name, concurrency } of this.pipelines.catalogue) {
      this.queues.consume(name, concurrency, (lane) => this.work(name, lane));
    }
    this.sweeper.start();
  }

  /** Before the database and the features' clients go away: each lane finishes its slice and gives its lease back. */
  async onModuleDestroy(): Promise<void> {
    this.queues.pause();
    const ended = Promise.all([this.runner.stop(), this.sweeper.stop()]);
    // A slice that hangs must not hold the process: its lease runs out by itself.
    await atMost(LONGEST_SLICE_MS, ended);
    await atMost(LAST_WAKE_UPS_MS, this.wakeUps.sent());
    await this.queues.closeConsumers();
  }

  /** Until here requests may still wake lanes. */
  async onApplicationShutdown(): Promise<void> {
    await atMost(LAST_WAKE_UPS_MS, this.wakeUps.sent());
    await this.queues.closeProducers();
  }

  private async work(pipeline: string, lane: string): Promise<void> {
    try {
      await this.runner.runLane(pipeline, lane);
    } catch (error) {
      // The database was not there: its lease runs out and the sweeper comes back.
      this.logger.error({ err: error, pipeline, lane }, 'a lane could not be run');
    }
  }
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const waiting = new AbortController();
  const limit = delay(ms, undefined, { signal: waiting.signal }).catch(() => undefined);
  try {
    await Promise.race([work, limit]);
  } finally {
    waiting.abort();
  }
}
