import { FakeClock } from './fake-clock.js';

/** The real time, for tests in which a browser's own clock takes part. */
export class WallClock extends FakeClock {
  override now(): Date {
    return new Date();
  }
}
