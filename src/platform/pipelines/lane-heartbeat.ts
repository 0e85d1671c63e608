// Keeps a lease while its lane is worked on. The lease is short, so that a killed worker's lane goes on soon; a slice or
// a call may last longer. Invariants:
//
//   1. What reaches outside ends with `lease.lost`, and that comes before the lease ends: by this process's monotonic
//      clock, counted from before the last renewal was asked for.
//   2. A process that stood still finds the end passed when it wakes: its next call asks the database first, and its
//      transactions check the token there.
//   3. At most one renewal of a lease is on its way.

import type { LaneLease } from './lane-lease.js';

/** What is left when an unrenewed lease counts as lost, so that a call is over before somebody else begins. */
const SPARE = 1 / 10;
const TICKS = 15;
/** Work that neither ends nor calls for so many leases hangs: its lane is let go. */
const LONGEST_SILENCE = 20;

/** Begins the heartbeat; what it returns ends it. */
export function keepAlive(lease: LaneLease, onTrouble: (error: unknown) => void): () => void {
  let asking = false;
  const beat = (): void => {
    const remaining = lease.remainingMs();
    if (lease.lost.aborted || remaining <= lease.leaseMs * SPARE) return lease.lose();
    // The work's own renewals count too.
    if (asking || remaining > lease.leaseMs * (2 / 3) || lease.silentMs() > lease.leaseMs * LONGEST_SILENCE) return;
    asking = true;
    // The next beat tries again, as long as the lease lasts.
    lease
      .extend()
      .catch(onTrouble)
      .finally(() => (asking = false));
  };
  const timer = setInterval(beat, lease.leaseMs / TICKS).unref();
  return () => clearInterval(timer);
}
