import { setTimeout as delay } from 'node:timers/promises';
import { select } from '../../../src/sandbox/start/compare-read.js';
import { apiClient, Refused } from '../../../src/sandbox/start/http-json.js';
import type { Fleet } from '../../fleet/fleet.js';

const BULK = 200;
const CREATES_A_ROUND = 75;
/** What each round does with tasks of its own. */
const ROUNDS: readonly (readonly object[])[] = [
  [{ action: 'set_priority', priority: 'high' }, { action: 'complete' }, { action: 'delete' }],
  [{ action: 'reschedule', due_date: '2027-01-15' }, { action: 'reopen' }, { action: 'set_priority', priority: 'low' }],
  [{ action: 'reschedule', due_date: null }, { action: 'delete' }, { action: 'complete' }],
  [{ action: 'set_priority', priority: 'low' }, { action: 'skip' }, { action: 'restore' }],
];

/** A few thousand edits, deletes and creates over the API, with a disaster in the middle of each round. */
export async function makeChanges(
  fleet: Fleet,
  disasters: readonly (() => Promise<unknown>)[],
  afterRound: (round: number) => Promise<void>,
): Promise<void> {
  const { team, stack } = fleet.sandbox;
  const rows = await select<{ id: string }>(
    fleet.databaseUrl,
    'SELECT task_id AS id FROM task_links WHERE NOT archived ORDER BY task_id LIMIT 4000',
  );
  const ids = rows.map(({ id }) => id);
  for (const [round, actions] of ROUNDS.entries()) {
    const disaster = disasters[round]?.();
    for (const action of actions) {
      // Two blocks of each; some are changed again in a later round.
      for (let block = 0; block < 2; block++) {
        const chunk = ids.splice(0, BULK);
        ids.push(...chunk.slice(0, BULK / 2));
        await insist(() => team.admin.send('POST', '/v1/tasks/bulk', { ids: chunk, ...action }));
      }
    }
    for (let made = 0; made < CREATES_A_ROUND; made += 5) {
      const together = Array.from({ length: 5 }, (_, i) => {
        const rep = team.reps[(made + i) % team.reps.length];
        const client = apiClient(stack.apiUrl, rep?.key ?? '');
        return insist(() => client.send('POST', '/v1/tasks', { type: 'custom', name: `Made ${round} ${made + i}` }));
      });
      await Promise.all(together);
    }
    await disaster;
    await afterRound(round);
  }
}

/** As a person who presses the button again: the answer may be lost although the work is done. */
async function insist(request: () => Promise<unknown>): Promise<void> {
  for (const deadline = performance.now() + 30_000; ; await delay(100)) {
    try {
      await request();
      return;
    } catch (error) {
      const refused = error instanceof Refused && error.status < 500;
      if (refused || performance.now() > deadline) throw error;
    }
  }
}
