import { Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Clock } from '../clock/clock.js';
import { LaneRunner } from './lane-runner.js';
import { type LaneRef, LanesRepository } from './lanes.repository.js';
import { Pipelines } from './pipelines.js';
import { Sweeper } from './sweeper.js';

export type RestingLane = LaneRef & { retryAt: Date; error: string };

/** Runs background work to its end without a queue: for tests, benchmarks and the command line. */
@Injectable()
export class Quiescence {
  constructor(
    private readonly pipelines: Pipelines,
    private readonly sweeper: Sweeper,
    private readonly runner: LaneRunner,
    private readonly lanes: LanesRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Works until nothing is due at the clock's time and no lane is held, here or elsewhere. Returns the lanes that rest
   * after a failure, which are left alone: move the clock to go on with them.
   */
  async drainAllDue(timeoutMs = 30_000): Promise<RestingLane[]> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const due = await this.sleepingLanes();
      const held = await this.lanes.held();
      if (due.length === 0 && held.length === 0) return this.lanes.resting(this.clock.now());
      if (performance.now() > deadline) {
        const names = [...due, ...held].map(({ pipeline, lane }) => `${pipeline} / ${lane}`);
        throw new Error(`Still not quiet after ${timeoutMs} ms: ${names.join(', ')}`);
      }
      if (due.length === 0) await delay(5);
      for (const { pipeline, lane } of due) await this.runner.runLane(pipeline, lane);
    }
  }

  private async sleepingLanes(): Promise<LaneRef[]> {
    const found: LaneRef[] = [];
    for (const { name: pipeline } of this.pipelines.catalogue) {
      for (const lane of await this.sweeper.sleepingLanes(pipeline)) found.push({ pipeline, lane });
    }
    return found;
  }
}
