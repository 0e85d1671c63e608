import pg from 'pg';
import type { Principal } from '../../../src/accounts/access.js';
import { EmailReads } from '../../../src/command-center/emails/email-reads.service.js';
import type { EmailFolder } from '../../../src/command-center/emails/email-state.js';
import { childMain } from '../support/child.js';
import { type ProductInput, startProduct } from '../support/product.js';

export interface FoldersOutput {
  /** Milliseconds of each look at a folder: its page of 50 with the counts of all folders. */
  looks: number[];
  /** The least: the same rows, read by hand. */
  floor: number[];
}

const FOLDERS: readonly EmailFolder[] = ['delivered', 'archived', 'scheduled', 'failed', 'bounced'];
const ROUNDS = 40;
const DEEP = 20;

childMain(async (input: ProductInput): Promise<FoldersOutput> => {
  const app = await startProduct(input);
  const reads = app.get(EmailReads, { strict: false });
  const db = new pg.Client({ connectionString: input.databaseUrl });
  await db.connect();
  const [userId = ''] = input.team.userIds;
  const principal = {
    ...{ teamId: input.team.teamId, userId, role: 'member', actor: `user:${userId}`, timeZone: 'UTC' },
  } as unknown as Principal;
  const [looks, floor]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    for (const folder of FOLDERS) {
      let after: string | undefined;
      // Every fourth round pages on: page 20 must be as quick as the first.
      for (let page = 0; page < (round % 4 === 3 ? DEEP : 1); page++) {
        const since = performance.now();
        const [found] = await Promise.all([
          reads.page(principal, { folder, limit: 50, ...(after === undefined ? {} : { after }) }),
          reads.counts(principal, {}),
        ]);
        // The first rounds warm up.
        if (round > 3) looks.push(performance.now() - since);
        if (found.next === null) break;
        after = found.next;
      }
      const since = performance.now();
      await db.query(
        `SELECT * FROM emails WHERE team_id = $1 AND user_id = $2 AND folder = $3 ORDER BY state_at DESC, id DESC LIMIT 51`,
        [input.team.teamId, userId, folder],
      );
      if (round > 3) floor.push(performance.now() - since);
    }
  }
  await app.close();
  await db.end();
  return { looks, floor };
});
