import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { LanesRepository } from './lanes.repository.js';

/** Tells features whether a lane of theirs rests after a failure, so that they can say so to a person. */
@Injectable()
export class LaneRests {
  constructor(
    private readonly lanes: LanesRepository,
    private readonly clock: Clock,
  ) {}

  /** Until when it rests and why; undefined when it does not. */
  of(pipeline: string, lane: string): Promise<{ retryAt: Date; error: string } | undefined> {
    return this.lanes.restOf(pipeline, lane, this.clock.now());
  }
}
