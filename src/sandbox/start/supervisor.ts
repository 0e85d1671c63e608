import type { SupervisedProcess } from '../servers/supervised-process.js';
import { endGroup } from './processes.js';
import { StartRefused } from './start-refused.js';

interface Running {
  name: string;
  stop(): Promise<void>;
}

/** How long a program may take to end by itself. */
const PATIENCE_MS = 15_000;

/** Everything that was started, in order; it ends in the opposite order, each by its own id. */
export class Supervisor {
  private readonly running: Running[] = [];
  private readonly last: (() => void)[] = [];
  private ending = false;
  private tellCrash: (reason: StartRefused) => void = () => undefined;

  /** Rejects when one of them ends though nobody asked it to. */
  readonly crash = new Promise<never>((_, reject) => {
    this.tellCrash = reject;
  });

  constructor() {
    // Whoever races with it hears of it; before that it is nobody's unhandled rejection.
    this.crash.catch(() => undefined);
  }

  /** A server of which only its end and a way to stop it are known. */
  addServer(name: string, server: { ended: Promise<unknown>; lastLines(): string; stop(): Promise<void> }): void {
    this.running.push({ name, stop: () => server.stop() });
    void server.ended.then(() => this.ended(name, server.lastLines(), undefined));
  }

  addProgram(name: string, child: SupervisedProcess, logFile: string): void {
    this.running.push({ name, stop: () => stopWithin(child, PATIENCE_MS) });
    void child.ended.then(() => this.ended(name, child.lastLines(), logFile));
  }

  /** Runs when everything has ended; the last one given first. */
  afterwards(work: () => void): void {
    this.last.unshift(work);
  }

  async stopAll(): Promise<void> {
    this.ending = true;
    for (let last = this.running.pop(); last; last = this.running.pop()) await last.stop();
    for (const work of this.last) work();
  }

  private ended(name: string, lastLines: string, logFile: string | undefined): void {
    if (this.ending) return;
    const log = logFile === undefined ? '' : `\nIts log: ${logFile}`;
    this.tellCrash(new StartRefused(`${name} ended unexpectedly. Its last words:\n${tail(lastLines)}${log}`));
  }
}

async function stopWithin(child: SupervisedProcess, patienceMs: number): Promise<void> {
  const timer = setTimeout(() => child.child.pid !== undefined && endGroup(child.child.pid), patienceMs);
  await child.stop();
  clearTimeout(timer);
}

const tail = (lines: string): string => lines.split('\n').slice(-12).join('\n') || '(nothing)';
