import { createHash } from 'node:crypto';
import { CALM, type Control, type Share, SHARES } from './control.js';

type Struck = Record<Share, number>;
const NONE = Object.fromEntries(SHARES.map((name) => [name, 0])) as Struck;

/** Decides which attempts meet a fault. An attempt is judged by what it is about, not by when it comes. */
export class Faults {
  control: Control = CALM;
  /** How often each one struck since it was set. */
  struck: Struck = { ...NONE };
  private readonly attempts = new Map<string, number>();

  set(control: Control): void {
    this.control = control;
    this.struck = { ...NONE };
    this.attempts.clear();
  }

  /** What is not as it is at rest, for a person to see. */
  onCommand(): string[] {
    return Object.entries(this.control)
      .filter(([name, value]) => value !== CALM[name as keyof Control])
      .map(([name, value]) => `${name} ${String(value)}`);
  }

  /** `about`: what the attempt is for, so that the next attempt at the same is drawn anew. */
  strikes(fault: Share, about: string): boolean {
    const share = this.control[fault];
    if (share === 0) return false;
    const key = `${fault}\n${about}`;
    const attempt = (this.attempts.get(key) ?? 0) + 1;
    this.attempts.set(key, attempt);
    const strikes = draw(`${this.control.seed}\n${attempt}\n${key}`) < share;
    if (strikes) this.struck[fault] += 1;
    return strikes;
  }
}

/** A number from 0 up to 1, always the same for the same text. */
const draw = (text: string): number => createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48;
