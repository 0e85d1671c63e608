import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that an earlier start began, as it was written down. */
export interface KnownProcess {
  pid: number;
  /** A part of its command line, so that an id given to another program by now is left alone. */
  command: string;
}

/** The command line of a living process; undefined when there is none of that id. */
export function commandLineOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
  }
  try {
    // Empty for one that has ended and is not yet buried.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\u0000', ' ') || undefined;
  } catch {
    const ps = spawnSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' });
    return ps.status === 0 ? ps.stdout.trim() || undefined : undefined;
  }
}

export const isAlive = ({ pid, command }: KnownProcess): boolean => commandLineOf(pid)?.includes(command) ?? false;

/** Children of a killed start end by themselves; this waits for it, and ends those that do not. */
export async function outlive(known: readonly KnownProcess[], patienceMs = 10_000): Promise<void> {
  for (let waited = 0; waited < patienceMs && known.some(isAlive); waited += 50) await delay(50);
  for (const left of known.filter(isAlive)) endGroup(left.pid);
}

/** Ends a process and what it started, at once. Each child of ours leads a group of its own. */
export function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
