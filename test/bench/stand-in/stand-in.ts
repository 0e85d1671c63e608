import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { StandInOptions, Usage } from './server.js';

/** The stand-in for Salesforce, seen from the benchmark: a process of its own. */
export class StandIn {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static start(options: StandInOptions): Promise<StandIn> {
    return new Promise((resolve, reject) => {
      const script = join(import.meta.dirname, 'server.js');
      const child = fork(script, [JSON.stringify(options)], { execArgv: [], stdio: ['ignore', 2, 2, 'ipc'] });
      child.once('message', (port) => resolve(new StandIn(child, `http://127.0.0.1:${Number(port)}`)));
      child.once('exit', (code) => reject(new Error(`The stand-in for Salesforce ended (exit ${code}).`)));
    });
  }

  /** What it has done since it was asked last. */
  async takeUsage(): Promise<Usage> {
    const response = await fetch(`${this.url}/bench/usage`, { method: 'POST' });
    return (await response.json()) as Usage;
  }

  /** From now on a pull meets the changed tasks. */
  async change(): Promise<void> {
    await fetch(`${this.url}/bench/change`, { method: 'POST' });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.child.once('exit', () => resolve());
      if (this.child.exitCode === null && this.child.connected) this.child.disconnect();
      else resolve();
    });
  }
}
