import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { commandLineOf } from '../../../src/sandbox/start/processes.js';
import { until } from '../../support/until.js';

export interface Started {
  child: ChildProcess;
  /** All it has printed. */
  output(): string;
  /** Waits until it has printed this. */
  told(text: string): Promise<void>;
  exitCode(): Promise<number | null>;
  /** The processes that it started, and those that they started. */
  descendants(): number[];
}

/** Starts a program as a person would, and listens. */
export function startProgram(file: string, args: readonly string[], env: Record<string, string> = {}): Started {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (printed += data.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let over = false;
  void ended.then(() => (over = true));
  return {
    child,
    output: () => printed,
    async told(text) {
      await until(() => over || printed.includes(text), 60_000);
      if (!printed.includes(text)) throw new Error(`It ended without saying "${text}":\n${printed}`);
    },
    exitCode: () => ended,
    descendants: () => descendantsOf(child.pid ?? 0),
  };
}

function descendantsOf(root: number): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const found = [root];
  for (const parent of found)
    for (const [pid, ppid] of pairs) if (ppid === parent && pid !== undefined) found.push(pid);
  return found.slice(1);
}

/** Those of them that still live; one that has ended and waits to be buried does not. */
export const living = (pids: readonly number[]): number[] => pids.filter((pid) => commandLineOf(pid) !== undefined);
