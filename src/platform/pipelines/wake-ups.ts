// Wake-ups are hints: nothing is lost when one is. Invariants:
//
//   1. A wake-up is sent after the commit that made the work, and the lane's generation is read after the commit too.
//   2. The job's id is lane + generation. The consumer adds 1 to the generation before its first look. So a job that
//      Bull ignores because its id exists stands for a consumer that has not looked yet, and it will see the commit.
//   3. Callers wait for nothing and get no error from Redis or Postgres: the sweeper finds what no hint announced.

import { Injectable, Logger } from '@nestjs/common';
import { setImmediate as turn } from 'node:timers/promises';
import { Clock } from '../clock/clock.js';
import type { Tx } from '../database/transactions.js';
import { LanesRepository } from './lanes.repository.js';
import { PipelineQueues } from './pipeline-queues.js';

@Injectable()
export class WakeUps {
  private readonly logger = new Logger(WakeUps.name);
  private pending = new Map<string, Set<string>>();
  private flushing: Promise<void> | undefined;
  private readonly timed = new Set<Promise<void>>();
  private readonly ofTransaction = new WeakMap<Tx, Set<string>>();

  constructor(
    private readonly queues: PipelineQueues,
    private readonly lanes: LanesRepository,
    private readonly clock: Clock,
  ) {}

  /** The lane has work now. Call it after the commit. */
  wake(pipeline: string, lane: string): void {
    this.queues.assertKnown(pipeline);
    const lanes = this.pending.get(pipeline) ?? new Set();
    this.pending.set(pipeline, lanes.add(lane));
    this.flushing ??= this.flush().finally(() => (this.flushing = undefined));
  }

  /** The lane will have work at a time, rounded up to a second: one job per lane and second. */
  wakeAt(pipeline: string, lane: string, at: Date): void {
    const now = this.clock.now().getTime();
    if (at.getTime() <= now) return this.wake(pipeline, lane);
    // The time is part of the id, so an earlier wake-up is never hidden behind a later one.
    const second = Math.ceil(at.getTime() / 1000);
    const sending = this.send(pipeline, lane, `at:${second}`, second * 1000 - now)
      .catch((error: unknown) => this.logger.warn({ err: error, pipeline, lane }, 'a timed wake-up was not sent'))
      .finally(() => this.timed.delete(sending));
    this.timed.add(sending);
  }

  /** Wakes the lane once this transaction has committed, however often it is asked for; never after a rollback. */
  wakeAfterCommit(tx: Tx, pipeline: string, lane: string, at?: Date): void {
    this.queues.assertKnown(pipeline);
    const asked = this.ofTransaction.get(tx) ?? new Set();
    this.ofTransaction.set(tx, asked);
    const key = JSON.stringify([pipeline, lane, at?.getTime()]);
    if (asked.has(key)) return;
    asked.add(key);
    tx.afterCommit(() => (at ? this.wakeAt(pipeline, lane, at) : this.wake(pipeline, lane)));
  }

  /** Resolves when what was asked for so far has been handed to Redis, or given up. */
  async sent(): Promise<void> {
    await Promise.all([this.flushing, ...this.timed]);
  }

  // One loop per process: while a batch is on its way, wake-ups of the same lane become one.
  private async flush(): Promise<void> {
    await turn();
    while (this.pending.size > 0) {
      const batch = this.pending;
      this.pending = new Map();
      const refs = [...batch].flatMap(([pipeline, lanes]) => [...lanes].map((lane) => ({ pipeline, lane })));
      try {
        const known = await this.lanes.generations(refs);
        await Promise.all(known.map(({ pipeline, lane, generation }) => this.send(pipeline, lane, generation)));
      } catch (error) {
        this.logger.warn({ err: error, lanes: refs.length }, 'wake-ups were not sent; the sweeper will find the work');
      }
    }
  }

  private async send(pipeline: string, lane: string, mark: string, delay = 0): Promise<void> {
    const queue = this.queues.producer(pipeline);
    if (!queue) return;
    await queue.add(
      { lane },
      // Encoded, so that no lane's name can look like another's id. Bull ignores an id that it keeps: keep none.
      { jobId: `${encodeURIComponent(lane)}:${mark}`, delay, attempts: 1, removeOnComplete: true, removeOnFail: true },
    );
  }
}
