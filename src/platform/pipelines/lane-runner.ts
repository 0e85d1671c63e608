// One consumer of one lane. Invariants:
//
//   1. It says "I begin" (generation + 1) before its first look; see wake-ups.ts for why no wake-up is lost then.
//   2. Only the holder of the lease works. A consumer that does not get it ends at once: the holder cannot go to sleep
//      without noticing that the generation moved since its last look.
//   3. A lane never sleeps with work that is due, unless it rests after a failure or its process died; then the sweeper
//      wakes it, once the dead holder's lease has run out.
//   4. While a slice runs, a heartbeat renews the lease (lane-heartbeat.ts): a slice may last longer than the lease.
//
//   announce ── lease taken? ─no──▶ busy
//                   │yes
//                   ▼
//      ┌────▶ renew, slice ──worked──▶ time over or shutting down? ─yes─▶ release, wake ▶ yielded
//      │            │ │  └──throws──▶ rest: failures + 1, retry_at ────────────────────▶ failed
//      │            │ └──lease lost───────────────────────────────────────────────────▶ lost
//      │           idle
//      ├─woken── release unless woken ─────────────────────────────────────────────────▶ idle
//      └──────── gone: the lane is forgotten ──────────────────────────────────────────▶ gone

import { Injectable, Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Clock } from '../clock/clock.js';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { backoffMs } from './backoff.js';
import { keepAlive } from './lane-heartbeat.js';
import { LaneLease, LeaseLostError, type TakenLane } from './lane-lease.js';
import { LanesRepository } from './lanes.repository.js';
import type { PipelineDefinition, PipelineHandler } from './pipeline.js';
import { Pipelines } from './pipelines.js';
import { WakeUps } from './wake-ups.js';

export type LaneOutcome = 'idle' | 'busy' | 'yielded' | 'failed' | 'lost' | 'gone';

const BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60];

@Injectable()
export class LaneRunner {
  private readonly logger = new Logger(LaneRunner.name);
  private readonly shutdown = new AbortController();
  private readonly running = new Set<Promise<LaneOutcome>>();
  private readonly holder = `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;

  private readonly durations;

  constructor(
    private readonly pipelines: Pipelines,
    private readonly lanes: LanesRepository,
    private readonly wakeUps: WakeUps,
    private readonly clock: Clock,
    metrics: MetricsRegistry,
  ) {
    this.durations = metrics.histogram(
      'lane_run_duration_seconds',
      'How long lanes were worked on, and how it ended',
      ['pipeline', 'outcome'],
      BUCKETS,
    );
  }

  /** Works on a lane until it is idle, its time is over, or it fails. Throws only when the database cannot be reached. */
  async runLane(pipeline: string, lane: string): Promise<LaneOutcome> {
    const began = performance.now();
    const run = this.run(pipeline, lane);
    this.running.add(run);
    try {
      const outcome = await run;
      const ms = Math.round(performance.now() - began);
      this.durations.observe({ pipeline, outcome }, ms / 1000);
      this.logger.debug({ pipeline, lane, outcome, ms }, 'a lane was worked on');
      return outcome;
    } finally {
      this.running.delete(run);
    }
  }

  /** Lanes end after the slice that they are in and give their leases back; new ones are passed on. */
  async stop(): Promise<void> {
    this.shutdown.abort();
    await Promise.allSettled(this.running);
  }

  private async run(pipeline: string, lane: string): Promise<LaneOutcome> {
    const definition = this.pipelines.definition(pipeline);
    const handler = this.pipelines.handler(pipeline);
    await this.lanes.announce(pipeline, lane);
    if (this.shutdown.signal.aborted) {
      this.wakeUps.wake(pipeline, lane);
      return 'yielded';
    }
    const askedAt = performance.now();
    const taken = await this.lanes.take(pipeline, lane, this.holder, definition.leaseMs, this.clock.now());
    if (!taken) return 'busy';
    const lease = new LaneLease(this.lanes, taken, definition.leaseMs, askedAt, this.shutdown.signal);
    const end = keepAlive(lease, (error) => this.notRenewed(lease, error));
    try {
      return await this.drain(definition, handler, lease, taken);
    } finally {
      end();
    }
  }

  private async drain(
    definition: PipelineDefinition,
    handler: PipelineHandler,
    lease: LaneLease,
    taken: TakenLane,
  ): Promise<LaneOutcome> {
    const until = performance.now() + definition.drainMs;
    const before = { failures: taken.failures };
    try {
      for (let first = true; ; first = false) {
        if (!first) await lease.renew();
        // As of before the slice: it may renew after its look, and so must not overlook who came in between.
        const seen = lease.generation;
        const result = await handler.slice(lease);
        before.failures = 0;
        if (result.kind === 'gone') {
          await this.lanes.forgetHeld(lease);
          return 'gone';
        }
        if (result.kind === 'idle' && (await this.lanes.releaseUnlessWoken(lease, seen))) {
          if (result.nextAt) this.wakeLater(lease, result.nextAt);
          return 'idle';
        }
        if (performance.now() >= until || this.shutdown.signal.aborted) {
          await this.lanes.release(lease);
          this.wakeUps.wake(lease.pipeline, lease.lane);
          return 'yielded';
        }
      }
    } catch (error) {
      return this.afterError(lease, before.failures + 1, error);
    }
  }

  private async afterError(lease: LaneLease, failures: number, error: unknown): Promise<LaneOutcome> {
    const { pipeline, lane } = lease;
    // Whatever else the work says then: it was cut short because of that.
    if (error instanceof LeaseLostError || lease.lost.aborted) return this.lost(lease);
    if (this.shutdown.signal.aborted) {
      // The slice may have thrown because of the shutdown: that is nobody's failure.
      await this.lanes.releaseUnfinished(lease);
      this.wakeUps.wake(pipeline, lane);
      return 'yielded';
    }
    const retryAt = new Date(this.clock.now().getTime() + backoffMs(failures, Math.random()));
    // Taken away before it failed, and nothing had told it yet: that is nobody's failure either.
    if (!(await this.lanes.releaseFailed(lease, failures, retryAt, messageOf(error)))) return this.lost(lease);
    this.logger.error({ err: error, pipeline, lane, failures, retryAt }, 'a lane failed and rests');
    this.wakeUps.wakeAt(pipeline, lane, retryAt);
    return 'failed';
  }

  private lost({ pipeline, lane }: LaneLease): LaneOutcome {
    this.logger.debug({ pipeline, lane }, 'the lease was lost; whoever has the lane now goes on');
    return 'lost';
  }

  private notRenewed({ pipeline, lane }: LaneLease, error: unknown): void {
    if (error instanceof LeaseLostError) return;
    this.logger.warn({ err: error, pipeline, lane }, 'a lease could not be renewed and may run out');
  }

  // Never at once: a handler that is idle, but names a time that has passed, must not spin.
  private wakeLater(lease: LaneLease, at: Date): void {
    const soonest = this.clock.now().getTime() + 1;
    this.wakeUps.wakeAt(lease.pipeline, lease.lane, new Date(Math.max(at.getTime(), soonest)));
  }
}

/** The message only: a stack or a cause can carry what must not be stored. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500);
}
