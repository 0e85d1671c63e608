import pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { DISPATCH } from '../../../src/mail/dispatch/dispatch.js';
import { LaneRunner } from '../../../src/platform/pipelines/lane-runner.js';
import { WakeUps } from '../../../src/platform/pipelines/wake-ups.js';
import { childMain } from '../support/child.js';
import { type ProductInput, startProduct } from '../support/product.js';

export interface DispatchInput extends ProductInput {
  channels: string[];
  /** Everything is due: as fast as it goes. Or a steady schedule, and how late each email is. */
  what: 'all due' | 'steady';
}

export interface DispatchOutput {
  seconds: number;
  latenessP99Ms: number | null;
}

const LEFT = `SELECT count(*)::int AS n FROM emails WHERE state IN ('scheduled', 'in_progress')`;

childMain(async (input: DispatchInput): Promise<DispatchOutput> => {
  const db = new pg.Client({ connectionString: input.databaseUrl });
  await db.connect();
  const left = async () => (await db.query<{ n: number }>(LEFT)).rows[0]?.n ?? 0;
  const app = await startProduct(input, input.what === 'steady' ? 'worker' : 'api');
  const since = performance.now();
  if (input.what === 'all due') {
    const runner = app.get(LaneRunner, { strict: false });
    await Promise.all(
      input.channels.map(async (channel) => {
        while ((await runner.runLane(DISPATCH, channel)) === 'yielded');
      }),
    );
    if ((await left()) > 0) throw new Error(`${await left()} emails are left.`);
  } else {
    // What the schedule itself announces when it is written.
    const { rows } = await db.query<{ channel: string; at: Date }>(
      'SELECT DISTINCT channel_id AS channel, due_at AS at FROM emails ORDER BY due_at',
    );
    for (const { channel, at } of rows) app.get(WakeUps, { strict: false }).wakeAt(DISPATCH, channel, at);
    while ((await left()) > 0) await delay(500);
  }
  const seconds = (performance.now() - since) / 1000;
  const { rows } = await db.query<{ ms: number | null }>(
    `SELECT percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM a.data_at - e.send_at) * 1000) AS ms
     FROM emails e JOIN email_attempts a ON a.team_id = e.team_id AND a.id = e.attempt_id`,
  );
  await app.close();
  await db.end();
  return { seconds, latenessP99Ms: input.what === 'steady' ? (rows[0]?.ms ?? null) : null };
});
