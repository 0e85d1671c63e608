import { Clock } from '../../src/platform/clock/clock.js';

/** A clock that stands still until a test moves it. */
export class FakeClock extends Clock {
  private at: Date;

  constructor(at: Date | string = '2026-03-04T10:00:00Z') {
    super();
    this.at = new Date(at);
  }

  now(): Date {
    return new Date(this.at);
  }

  set(at: Date | string): void {
    this.at = new Date(at);
  }

  advance(milliseconds: number): void {
    this.at = new Date(this.at.getTime() + milliseconds);
  }
}
