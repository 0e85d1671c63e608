import { setTimeout as delay } from 'node:timers/promises';
import { StartRefused } from '../start-refused.js';
import type { StatusView, SyncApi } from '../sync-api.js';

const LOOK_EVERY_MS = 50;
const WITHIN_MS = 180_000;

/**
 * Waits until both sides have seen everything: a pull that began after the last change has ended, nothing waits to be
 * written, and the pull after that, which reads what we wrote, leaves nothing to write either.
 */
export async function untilQuiet(sync: SyncApi): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  do {
    await pulledTwice(sync, deadline);
    await until(sync, deadline, (status) => status.waiting === 0);
    await pulledTwice(sync, deadline);
  } while ((await sync.status()).waiting > 0);
}

/** The pull that ends next may have begun before now; the one after it did not. */
async function pulledTwice(sync: SyncApi, deadline: number): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    const { last_pull_at: last } = await sync.status();
    await sync.syncNow();
    await until(sync, deadline, (status) => status.last_pull_at !== last);
  }
}

async function until(sync: SyncApi, deadline: number, condition: (status: StatusView) => boolean): Promise<StatusView> {
  for (;;) {
    const status = await sync.status();
    if (condition(status)) return status;
    if (performance.now() > deadline) {
      const { waiting, problems, last_pull_at: pulled } = status;
      throw new StartRefused(
        `The sync did not come to rest within ${WITHIN_MS / 1000} s: ${waiting} tasks wait, ${problems} problems, last pull ${pulled ?? 'never'}. ${status.advice}`,
      );
    }
    await delay(LOOK_EVERY_MS);
  }
}
