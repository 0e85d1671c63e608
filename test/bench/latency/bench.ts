import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { select } from '../../../src/sandbox/start/compare-read.js';
import { Editors } from '../../fleet/editors.js';
import { Fleet } from '../../fleet/fleet.js';
import { LagMeter } from '../../fleet/lag-meter.js';
import { seeded } from '../../fleet/random.js';
import { type Options, type ResultLine, round } from '../support/options.js';
import type { Stage } from '../support/stage.js';

const TASKS = 2_000;
const LOOK_EVERY_MS = 50;
const FLOOR_EDITS = 200;
/** A poll of the org, and its turn. */
const LAST_ARRIVALS_MS = 90_000;

/**
 * How long an edit takes to be on the other side while n edits a second are made on each: an api, a worker and the
 * simulated org as processes of their own, the settings as they come.
 */
export async function benchLatency(_stage: Stage, { n, seconds, say }: Options): Promise<ResultLine> {
  const fleet = await Fleet.start({
    code: join(import.meta.dirname, '..', '..', '..', 'src'),
    redisFolder: join(process.cwd(), '.sandbox', 'redis'),
    tasks: TASKS,
    workers: 1,
    say,
  });
  try {
    const { sync, team, org } = fleet.sandbox;
    await sync.turnOn(
      team.reps.map((rep) => rep.userId),
      'all',
    );
    while (!(await sync.enrolments()).every(({ state }) => state === 'synced')) await delay(200);
    const floorSeconds = await floor(fleet);
    const meter = await LagMeter.open(fleet.databaseUrl, fleet.orgDatabaseUrl);
    const editors = await Editors.meet(fleet, meter, seeded(1), 'marked');
    const looker = setInterval(() => void meter.look(), LOOK_EVERY_MS);
    let peakRssMiB = 0;
    const callsBefore = await callsOf(org.url);
    editors.start(n);
    for (let second = 0; second < seconds; second++) {
      await delay(1_000);
      peakRssMiB = Math.max(peakRssMiB, ...fleet.liveWorkers.map((worker) => worker.rssMiB()));
    }
    const apiCalls = (await callsOf(org.url)) - callsBefore;
    await editors.stop();
    for (const end = performance.now() + LAST_ARRIVALS_MS; meter.unseen > 0; await delay(LOOK_EVERY_MS)) {
      if (performance.now() > end) throw new Error(`${meter.unseen} edits did not arrive.`);
    }
    clearInterval(looker);
    if (editors.failures.length > 0) throw new Error(`An edit failed: ${editors.failures[0]}`);
    const toSalesforce = meter.percentile('toSalesforce', 95);
    await meter.close();
    return {
      bench: 'latency',
      n,
      seconds: round(toSalesforce / 1000),
      floorSeconds: round(floorSeconds),
      ratio: round(toSalesforce / 1000 / floorSeconds),
      higherIsBetter: false,
      peakRssMiB: Math.round(peakRssMiB),
      toSalesforceP50Ms: meter.percentile('toSalesforce', 50),
      toSalesforceP95Ms: toSalesforce,
      fromSalesforceP50Ms: meter.percentile('fromSalesforce', 50),
      fromSalesforceP95Ms: meter.percentile('fromSalesforce', 95),
      edits: editors.made,
      apiCalls,
    };
  } finally {
    await fleet.stop();
  }
}

/** The 95th percentile of what cannot be less: one edit here, and its write there by who made it, at once. */
async function floor({ sandbox, databaseUrl }: Fleet): Promise<number> {
  const rows = await select<{ id: string }>(
    databaseUrl,
    `SELECT salesforce_id AS id FROM task_links WHERE NOT archived ORDER BY salesforce_id LIMIT ${FLOOR_EDITS}`,
  );
  const owner = sandbox.team.reps[0]?.salesforceUserId ?? '';
  const took: number[] = [];
  for (const { id } of rows) {
    const since = performance.now();
    await select(databaseUrl, 'UPDATE task_links SET agreed_at = now() WHERE salesforce_id = $1', [id]);
    await sandbox.org.as(owner, 'PATCH', `sobjects/Task/${id}`, { Description: 'Floor' });
    took.push((performance.now() - since) / 1000);
  }
  took.sort((a, b) => a - b);
  return took[Math.floor(took.length * 0.95)] ?? NaN;
}

async function callsOf(orgUrl: string): Promise<number> {
  return ((await (await fetch(`${orgUrl}/sandbox/calls`)).json()) as { used: number }).used;
}
