import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

export interface RunProcess {
  child: ChildProcess;
  /** What it has printed so far, both streams. */
  output(): string;
  /** The line that contains `text`, once it is printed; rejects when the process ends before. */
  line(text: string): Promise<string>;
  ended: Promise<number | null>;
}

/** Where a source file is, as it is now, in plain JavaScript. */
export function programOf(file: string): string {
  return join(String(process.env.TEST_PROGRAMS), file.replace(/\.ts$/, '.js'));
}

/** Runs a source file as a process of its own, with just this environment. */
export function runSource(file: string, args: readonly string[], env: Readonly<Record<string, string>>): RunProcess {
  const child = spawn(process.execPath, [programOf(file), ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      for (const listener of listeners) listener();
    });
  }
  const line = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = printed.split('\n').find((candidate) => candidate.includes(text));
        if (found !== undefined) resolve(found);
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`It ended without "${text}":\n${printed}`)));
    });
  return { child, output: () => printed, line, ended };
}
