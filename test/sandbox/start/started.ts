import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
  const pairs = parents();
  const found = [root];
  for (const parent of found) for (const [pid, ppid] of pairs) if (ppid === parent) found.push(pid);
  return found.slice(1);
}

/** Each process with its parent; a slim image has no `ps`. */
function parents(): [pid: number, parent: number][] {
  if (!existsSync('/proc/self/stat')) {
    const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
    return lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  }
  return readdirSync('/proc').flatMap((name): [number, number][] => {
    if (!/^\d+$/.test(name)) return [];
    try {
      // `pid (name) state parent …`; the name may hold anything.
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
    } catch {
      return [];
    }
  });
}

/** Those of them that still live; one that has ended and waits to be buried does not. */
export const living = (pids: readonly number[]): number[] => pids.filter((pid) => commandLineOf(pid) !== undefined);
