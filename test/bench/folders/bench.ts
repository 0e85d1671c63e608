import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { runChild } from '../support/child.js';
import { seedSenders } from '../support/emails.js';
import { median, type Options, type ResultLine, round } from '../support/options.js';
import type { Stage } from '../support/stage.js';
import { newTeam, seedTeam, type Team, withDatabase } from '../support/team.js';
import type { FoldersOutput } from './product-process.js';

const FEW = 10_000;
const NOWHERE = 'http://127.0.0.1:9';

/** How long a look at a folder takes, with N emails of one rep and with 10,000. */
export async function benchFolders(stage: Stage, { n, say }: Options): Promise<ResultLine> {
  const few = await looksAt(stage, FEW);
  say(`${FEW} emails: p95 ${round(p95(few.output.looks), 1)} ms`);
  const many = await looksAt(stage, n);
  say(`${n} emails: p95 ${round(p95(many.output.looks), 1)} ms`);
  const [seconds, floorSeconds] = [median(many.output.looks) / 1000, median(many.output.floor) / 1000];
  return {
    ...{ bench: 'folders', n, seconds: round(seconds, 5), floorSeconds: round(floorSeconds, 5) },
    ...{ ratio: round(seconds / floorSeconds), higherIsBetter: false, peakRssMiB: Math.round(many.peakRssMiB) },
    ...{ p95Ms: round(p95(many.output.looks), 1), flat: round(p95(many.output.looks) / p95(few.output.looks), 2) },
  };
}

async function looksAt(stage: Stage, n: number) {
  const [database, team] = [await stage.database(), newTeam(2)];
  await seedTeam(database.url, team, NOWHERE);
  await seedSent(database.url, team, n);
  const input = { databaseUrl: database.url, redisUrl: stage.redisUrl, orgUrl: NOWHERE, team };
  const done = await runChild<FoldersOutput>(join('folders', 'product-process.js'), input);
  await stage.drop(database);
  return done;
}

/** N emails of the first rep over all folders, most of them delivered, and a tenth as many of the second. */
async function seedSent(databaseUrl: string, team: Team, n: number): Promise<void> {
  const { teamId, userIds } = team;
  const { channels } = await seedSenders(databaseUrl, team, { port: 9, channels: 1, connections: 1 });
  await withDatabase(databaseUrl, async (db) => {
    const content = uuidv7();
    await db.query(`INSERT INTO email_contents (team_id, id, subject, body) VALUES ($1, $2, 'Hi', 'Hello')`, [
      ...[teamId, content],
    ]);
    for (const [userId, count] of [[userIds[0], n] as const, [userIds[1], Math.ceil(n / 10)] as const]) {
      await db.query(
        `INSERT INTO emails (team_id, id, user_id, kind, identity_id, channel_id, content_id, to_name, to_address, subject,
           state, folder, state_at, send_at, due_at, reason, created_at, updated_at)
         SELECT $1, gen_random_uuid(), $2, 'select', $3, $3, $4, 'Person ' || n, 'p' || n || '@example.com', 'Subject ' || n,
           s.state, s.state, at, at, at, CASE WHEN s.state IN ('failed', 'bounced') THEN 'refused' END, at, at
         FROM generate_series(1, $5::int) n,
           LATERAL (SELECT (ARRAY['delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'delivered',
             'archived', 'scheduled', 'failed', 'bounced'])[1 + n % 10] AS state, now() - make_interval(secs => n) AS at) s`,
        [teamId, userId, channels[0], content, count],
      );
    }
    await db.query(
      `INSERT INTO email_folder_counts (team_id, user_id, folder, emails)
       SELECT team_id, user_id, folder, count(*) FROM emails GROUP BY team_id, user_id, folder`,
    );
    // What a busy moment leaves to be summed up by whoever reads.
    await db.query(
      `INSERT INTO email_folder_changes (team_id, user_id, folder, emails)
       SELECT $1, $2, 'delivered', CASE WHEN n % 2 = 0 THEN 1 ELSE -1 END FROM generate_series(1, 200) n`,
      [teamId, userIds[0]],
    );
    await db.query('VACUUM ANALYZE emails');
  });
}

function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.95)] ?? NaN;
}
