import { count, type Terminal } from './terminal.js';

const WIDTH = 32;
/** How often a file or a pipe gets a line. */
const PLAIN_EVERY_MS = 1000;

/** `███████░░░  3,412 of 4,210 tasks  1,920/s`: drawn in place for a person, a line a second for a file. */
export class ProgressBar {
  private readonly began = performance.now();
  private told = this.began;
  /** What an earlier start had done already counts for no speed of this one. */
  private first: number | undefined;

  constructor(
    private readonly terminal: Terminal,
    private readonly what: 'tasks' | 'emails' = 'tasks',
  ) {}

  show(done: number, total: number | null): void {
    const now = performance.now();
    if (this.terminal.lively) {
      this.terminal.passingLine(`  ${this.text(done, total, now)}`);
    } else if (now - this.told >= PLAIN_EVERY_MS) {
      this.told = now;
      this.terminal.line(`  ${this.text(done, total, now)}`);
    }
  }

  /** The last state stays on the screen. */
  finish(done: number): void {
    this.terminal.line(`  ${this.text(done, done, performance.now())}`);
  }

  private text(done: number, total: number | null, now: number): string {
    if (total === null) return 'counting …';
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const full = Math.round(share * WIDTH);
    const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
    this.first ??= done;
    const rate = now > this.began ? Math.round(((done - this.first) / (now - this.began)) * 1000) : 0;
    return `${bar} ${String(Math.round(share * 100)).padStart(3)} %  ${count(done)} of ${count(total)} ${this.what}  ${count(rate)}/s`;
  }
}
