import pg from 'pg';
import { LaneRunner } from '../../../src/platform/pipelines/lane-runner.js';
import { Sweeper } from '../../../src/platform/pipelines/sweeper.js';
import { WakeUps } from '../../../src/platform/pipelines/wake-ups.js';
import { ApiUsageRecorder } from '../../../src/salesforce/api-budget/api-usage-recorder.js';
import { SALESFORCE_ORG } from '../../../src/salesforce/org-loop/org-loop.js';
import type { Usage } from '../stand-in/server.js';
import { childMain } from '../support/child.js';
import { median } from '../support/options.js';
import { type ProductInput, startProduct } from '../support/product.js';

export interface IdleInput extends ProductInput {
  cycles: number;
}

export interface IdleOutput {
  seconds: number;
  dbMs: number;
  calls: number;
}

const WARM_UP = 10;

// One cycle: the sweeper looks, finds the due pull and wakes the org; the org's loop pulls, finds nothing, goes idle.
childMain(async (input: IdleInput): Promise<IdleOutput> => {
  const app = await startProduct(input);
  const sweeper = app.get(Sweeper, { strict: false });
  const wakeUps = app.get(WakeUps, { strict: false });
  const runner = app.get(LaneRunner, { strict: false });
  const usage = app.get(ApiUsageRecorder, { strict: false });
  const db = new pg.Client({ connectionString: input.databaseUrl });
  await db.connect();

  const cycles: IdleOutput[] = [];
  for (let cycle = 0; cycle < WARM_UP + input.cycles; cycle++) {
    await db.query(`UPDATE salesforce_org_states SET next_pull_at = now() - interval '1 second'`);
    await db.query('SELECT pg_stat_statements_reset()');
    await callsSince(input.orgUrl);
    const started = performance.now();
    const woken = await sweeper.sweepOnce();
    const outcome = await runner.runLane(SALESFORCE_ORG, input.team.connectionId);
    await Promise.all([wakeUps.sent(), usage.settled()]);
    const seconds = (performance.now() - started) / 1000;
    if (woken !== 1 || outcome !== 'idle') throw new Error(`No quiet cycle: ${woken} woken, ${outcome}.`);
    cycles.push({ seconds, dbMs: await spent(db), calls: await callsSince(input.orgUrl) });
  }
  await db.end();
  await app.close();
  const measured = cycles.slice(WARM_UP);
  return {
    seconds: median(measured.map((one) => one.seconds)),
    dbMs: median(measured.map(({ dbMs }) => dbMs)),
    calls: Math.max(...measured.map(({ calls }) => calls)),
  };
});

/** Milliseconds that Postgres spent in this database's statements since the reset. */
async function spent(db: pg.Client): Promise<number> {
  const { rows } = await db.query<{ ms: number | null }>(
    `SELECT sum(total_exec_time) AS ms FROM pg_stat_statements
     WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND query NOT LIKE '%pg_stat_statements%'`,
  );
  return rows[0]?.ms ?? 0;
}

async function callsSince(orgUrl: string): Promise<number> {
  const response = await fetch(`${orgUrl}/bench/usage`, { method: 'POST' });
  return ((await response.json()) as Usage).calls;
}
