import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineOf } from './processes.js';
import { StartRefused } from './start-refused.js';

/**
 * One start per data folder: a second one would end the first one's Postgres to get at its data. The lock names the
 * process that holds it; one that a killed start left behind holds nobody up.
 */
export function lockFolder(folder: string): { release(): void } {
  const file = join(folder, 'lock');
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
      return { release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = holderOf(folder);
    if (holder !== undefined) {
      throw new StartRefused(
        `Command Center is already running on ${folder} (process ${holder}). ` +
          'Use that one, end it with Ctrl-C, or start beside it with --data-dir FOLDER.',
      );
    }
    rmSync(file, { force: true });
  }
  throw new StartRefused(`The lock ${file} could not be taken. Is another start under way?`);
}

/** The living process that holds the folder. */
export function holderOf(folder: string): number | undefined {
  let pid: number;
  try {
    pid = Number(readFileSync(join(folder, 'lock'), 'utf8'));
  } catch {
    return undefined;
  }
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) return undefined;
  // The id may belong to another program by now.
  return commandLineOf(pid)?.includes('start') ? pid : undefined;
}
