import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// Each thing that is measured runs in a process of its own, so that nobody's memory or warm code counts for another.

export interface Finished<Output> {
  output: Output;
  peakRssMiB: number;
}

type Message<Output> = { finished: Finished<Output> } | { failed: string };

/** Runs a script of this folder's neighbours, which ends with `childMain`, and gives back what it answered. */
export function runChild<Output>(script: string, input: object, nodeArgs: string[] = []): Promise<Finished<Output>> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, '..', script), { execArgv: nodeArgs, stdio: ['ignore', 2, 2, 'ipc'] });
    let answer: Message<Output> | undefined;
    child.once('message', (message: Message<Output>) => {
      answer = message;
      // It ends by itself, after it has left its profile.
      child.disconnect();
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (answer && 'finished' in answer) resolve(answer.finished);
      else reject(new Error(`${script}: ${answer ? answer.failed : `ended without an answer (exit ${code})`}`));
    });
    child.send(input);
  });
}

/** The body of such a script. */
export function childMain<Input, Output>(work: (input: Input) => Promise<Output>): void {
  // Whoever started us is gone, or has its answer.
  process.once('disconnect', () => process.exit());
  process.once('message', (input: Input) => {
    const answer = (message: Message<Output>) => process.send?.(message);
    work(input).then(
      (output) => answer({ finished: { output, peakRssMiB: peakRssMiB() } }),
      (error: unknown) => answer({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}

function peakRssMiB(): number {
  try {
    // Linux counts in maxRSS what the forking parent had; VmHWM is this program's own.
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
    if (line) return Number(line[1]) / 1024;
  } catch {
    // Not on Linux.
  }
  return process.resourceUsage().maxRSS / 1024;
}
