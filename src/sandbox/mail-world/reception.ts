import { setTimeout as delay } from 'node:timers/promises';
import type { Attempts } from './attempts.js';
import type { Faults } from './faults.js';
import { summaryOf, type Summary } from './headers.js';
import { behaviourOf, type No } from './recipients.js';
import type { Received } from './store.js';

const LONGEST_ADDRESS = 320;

/** The client is told no. */
export class Refusal extends Error {
  readonly responseCode: number;

  constructor({ code, text }: No) {
    super(text);
    this.responseCode = code;
  }
}

/** The connection breaks without a reply. */
export class Cut extends Error {}

const refuse = (code: number, text: string): never => {
  throw new Refusal({ code, text });
};

export type Keep = (message: Received, summary: Summary) => Promise<void>;

/** What becomes of each step of a client: taken, refused, late or cut, by the faults on command and by the recipients. */
export class Reception {
  private readonly ending = new AbortController();

  constructor(
    private readonly faults: Faults,
    private readonly attempts: Attempts,
    private readonly keep: Keep,
  ) {}

  get maxBytes(): number {
    return this.faults.control.maxBytes;
  }

  async connected(open: number): Promise<void> {
    await this.latency();
    const { maxConnections } = this.faults.control;
    if (maxConnections > 0 && open > maxConnections) refuse(421, '4.7.0 Too many connections');
    if (this.faults.strikes('refuseConnection', '')) refuse(421, '4.3.2 Not now, try again later');
  }

  async loggedIn(): Promise<void> {
    await this.latency();
    if (this.faults.control.authRefused) refuse(535, '5.7.8 Wrong user name or password');
  }

  async recipient(sender: string, recipient: string): Promise<void> {
    await this.latency();
    if (recipient.length > LONGEST_ADDRESS) refuse(553, '5.1.3 The address is too long');
    const about = `${sender}\n${recipient.toLowerCase()}`;
    if (this.faults.strikes('dropBeforeData', about)) throw new Cut();
    if (this.faults.strikes('refuseForGood', about)) refuse(554, '5.7.1 Refused on command');
    if (this.faults.strikes('refuseForNow', about)) refuse(451, '4.3.2 Not now, try again later');
    const behaviour = behaviourOf(recipient, this.attempts.note(sender, recipient));
    if (behaviour.does === 'refuse' && behaviour.at === 'rcpt') throw new Refusal(behaviour.no);
  }

  /** Resolves when the client may hear that the message was taken. */
  async message(message: Received): Promise<void> {
    await this.latency();
    // Who wants mail of this sender only at a later attempt has said so at RCPT.
    const behaviours = message.recipients.map((recipient) => behaviourOf(recipient, 1));
    for (const behaviour of behaviours) {
      if (behaviour.does === 'refuse' && behaviour.at === 'data') throw new Refusal(behaviour.no);
    }
    const summary = await summaryOf(message.raw);
    const about = `${message.envelopeFrom}\n${message.recipients.join()}\n${summary.subject}`;
    if (this.faults.strikes('dropInData', about)) throw new Cut();
    await this.keep(message, summary);
    if (this.faults.strikes('dropAfterData', about)) throw new Cut();
    if (behaviours.some(({ does }) => does === 'take late')) await this.pause(this.faults.control.slowMs);
  }

  /** Nobody waits any longer: who does hears that the server closes. */
  end(): void {
    this.ending.abort();
  }

  private latency(): Promise<void> {
    return this.pause(this.faults.control.latencyMs);
  }

  private async pause(ms: number): Promise<void> {
    if (ms === 0) return;
    await delay(ms, undefined, { signal: this.ending.signal }).catch(() =>
      refuse(421, '4.3.2 The mail world is closing'),
    );
  }
}
