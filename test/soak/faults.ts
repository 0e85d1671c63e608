import { setTimeout as delay } from 'node:timers/promises';

const API = '/services/data';
/** What goes wrong with a real Salesforce, each for a call or two. */
const FAULTS: readonly object[] = [
  { match: { path: API }, times: 2, effect: { status: 503 } },
  { match: { path: API }, effect: { cut: 'before' } },
  { match: { path: API }, effect: { cut: 'after' } },
  { match: { path: API }, effect: { cut: 'during' } },
  { match: { path: `${API}.*composite`, method: 'POST' }, effect: { cut: 'after' } },
  { match: { path: API }, times: 3, effect: { latencyMs: 3_000 } },
  { match: { path: `${API}.*composite` }, effect: { rows: { every: 3, timesEach: 1 } } },
  { match: { path: API }, effect: { expireSession: true } },
  { match: { path: API }, effect: { limit: 'concurrent' } },
];

/** Arms one fault after the other, at random moments. */
export class Faults {
  armed = 0;
  private readonly ending = new AbortController();
  private readonly work: Promise<void>;

  constructor(
    private readonly orgUrl: string,
    private readonly random: () => number,
  ) {
    this.work = this.run();
  }

  /** None strikes any more. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.work;
    await this.send('DELETE');
  }

  private async run(): Promise<void> {
    for (;;) {
      const pause = 2_000 + this.random() * 8_000;
      await delay(pause, undefined, { signal: this.ending.signal }).catch(() => undefined);
      if (this.ending.signal.aborted) return;
      await this.send('POST', FAULTS[Math.floor(this.random() * FAULTS.length)]);
      this.armed += 1;
    }
  }

  private async send(method: string, fault?: object): Promise<void> {
    const response = await fetch(`${this.orgUrl}/sandbox/faults`, { method, body: fault && JSON.stringify(fault) });
    if (!response.ok) throw new Error(`The fault was refused: ${response.status} ${await response.text()}`);
  }
}
