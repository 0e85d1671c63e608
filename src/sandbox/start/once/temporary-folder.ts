import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holderOf } from '../lock.js';

const PREFIX = 'command-center-once-';
const ENOUGH_BYTES = 1 << 30;

/** A folder of this run's own; those that killed runs left behind are removed on the way. */
export function makeTemporaryFolder(): string {
  const parent = fastestFolder();
  for (const name of readdirSync(parent).filter((entry) => entry.startsWith(PREFIX))) {
    const left = join(parent, name);
    if (existsSync(join(left, 'lock')) && holderOf(left) === undefined) removeIfOurs(left);
  }
  const folder = mkdtempSync(join(parent, PREFIX));
  // As root, Postgres runs as another account, which must get through this folder to its own.
  chmodSync(folder, 0o711);
  return folder;
}

/** What another account left behind is not ours to remove, and no reason to fail. */
function removeIfOurs(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Its owner's next run removes it.
  }
}

/** Memory where there is enough of it. */
function fastestFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > ENOUGH_BYTES) return '/dev/shm';
  } catch {
    // Not on this system.
  }
  return tmpdir();
}
