import { setTimeout as delay } from 'node:timers/promises';
import { select } from '../../src/sandbox/start/compare-read.js';
import type { Fleet } from './fleet.js';
import type { Program } from './program.js';

export interface KillerOptions {
  random: () => number;
  /** Between two kills, milliseconds. */
  everyMs: readonly [least: number, most: number];
  /** No more than so many. */
  most: number;
}

/** Kills workers at random moments and starts others in their place, until it is told to stop. */
export class Killer {
  kills = 0;
  /** Kills of a worker that held the org's lane: it was in a slice, or right between two. */
  hits = 0;
  private readonly ending = new AbortController();
  private readonly work: Promise<void>;

  constructor(
    private readonly fleet: Fleet,
    private readonly options: KillerOptions,
  ) {
    this.work = this.run();
  }

  /** Ends after the kill that it is at; throws what went wrong meanwhile. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.work;
  }

  private async run(): Promise<void> {
    const { random, everyMs, most } = this.options;
    const [least, longest] = everyMs;
    while (this.kills < most) {
      const pause = least + random() * (longest - least);
      await delay(pause, undefined, { signal: this.ending.signal }).catch(() => undefined);
      if (this.ending.signal.aborted) return;
      const victim = await this.choose();
      if (!victim) continue;
      await this.fleet.killWorker(victim);
      this.kills += 1;
      await this.fleet.addWorker();
      await this.passTime(victim.pid);
    }
  }

  /** Mostly the one that works: killing one that has not even started shows little. */
  private async choose(): Promise<Program | undefined> {
    const { random } = this.options;
    const { liveWorkers, databaseUrl } = this.fleet;
    if (random() < 1 / 5) return liveWorkers[Math.floor(random() * liveWorkers.length)];
    const [holder] = await select<{ pid: string }>(
      databaseUrl,
      `SELECT split_part(holder, ':', 2) AS pid FROM lanes WHERE lease_until > clock_timestamp()`,
    ).catch(() => []);
    return liveWorkers.find((worker) => String(worker.pid) === holder?.pid);
  }

  /** Nobody waits for a lease to run out whose holder is known to be dead: that would be most of the test's time. */
  private async passTime(pid: number): Promise<void> {
    const held = await select(
      this.fleet.databaseUrl,
      `UPDATE lanes SET lease_until = clock_timestamp()
       WHERE lease_until IS NOT NULL AND split_part(holder, ':', 2) = $1 RETURNING 1`,
      [String(pid)],
      // Postgres may be the one that is down: then the lease runs out by itself.
    ).catch(() => []);
    this.hits += held.length;
  }
}
