import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { compare } from '../../src/sandbox/start/compare.js';
import { readRows, readThere, select } from '../../src/sandbox/start/compare-read.js';
import { untilQuiet } from '../../src/sandbox/start/once/quiescence.js';
import { Editors } from '../fleet/editors.js';
import { Fleet } from '../fleet/fleet.js';
import { LagMeter } from '../fleet/lag-meter.js';
import { seeded } from '../fleet/random.js';
import { Faults } from './faults.js';

const TASKS = 5_000;
const LOOK_EVERY_MS = 500;

interface Options {
  minutes: number;
  rate: number;
  seed: number;
}

/** A long run as in an ordinary day, only busier, with a Salesforce that fails now and then. Returns the exit code. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '30' },
      rate: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
    },
  });
  const options = { minutes: Number(values.minutes), rate: Number(values.rate), seed: Number(values.seed) };
  if (!(options.minutes > 0 && options.rate > 0 && Number.isSafeInteger(options.seed))) {
    say('npm run soak -- [--minutes 30] [--rate 20] [--seed 1]   rate: edits a second, half on each side');
    return 2;
  }
  const fleet = await Fleet.start({
    code: join(import.meta.dirname, '..', '..', 'src'),
    redisFolder: join(process.cwd(), '.sandbox', 'redis'),
    tasks: TASKS,
    workers: 2,
    say,
  });
  try {
    return await soak(fleet, options);
  } finally {
    await fleet.stop();
  }
}

async function soak(fleet: Fleet, { minutes, rate, seed }: Options): Promise<number> {
  const { sync, team } = fleet.sandbox;
  const before = await readThere(fleet.orgDatabaseUrl);
  await sync.turnOn(
    team.reps.map((rep) => rep.userId),
    'all',
  );
  while (!(await sync.enrolments()).every(({ state }) => state === 'synced')) await delay(LOOK_EVERY_MS);
  say(
    `${team.reps.length} reps sync ${before.length} tasks; ${rate} edits a second for ${minutes} minutes, seed ${seed}`,
  );

  const meter = await LagMeter.open(fleet.databaseUrl, fleet.orgDatabaseUrl);
  const editors = await Editors.meet(fleet, meter, seeded(seed), 'mixed');
  const faults = new Faults(fleet.sandbox.org.url, seeded(seed + 1));
  const looker = setInterval(() => void meter.look(), LOOK_EVERY_MS);
  editors.start(rate / 2);
  // The first minutes fill caches and compile: not what a leak is measured from.
  const warmUp = Math.min(3, minutes / 3);
  let rssStart = rssOf(fleet);
  const began = performance.now();
  const passed = () => (performance.now() - began) / 60_000;
  for (let next = Math.min(1, minutes); next <= minutes; next += 1) {
    const [to, from] = [meter.arrived('toSalesforce'), meter.arrived('fromSalesforce')];
    if (passed() < warmUp && next >= warmUp) {
      await delay((warmUp - passed()) * 60_000);
      rssStart = rssOf(fleet);
    }
    await delay(Math.max(0, (next - passed()) * 60_000));
    await tell(fleet, meter, editors, { minute: next, to, from });
  }
  const rssEnd = rssOf(fleet);
  await editors.stop();
  await faults.stop();
  await untilQuiet(sync);
  clearInterval(looker);
  await meter.look();

  const { differences } = compare(await readRows(fleet.databaseUrl, fleet.orgDatabaseUrl, before));
  for (const difference of differences.slice(0, 20)) say(JSON.stringify(difference));
  for (const failure of editors.failures.slice(0, 5)) say(failure);
  const problems = await sync.problems();
  for (const problem of problems.slice(0, 5)) say(JSON.stringify(problem));
  const [row] = await select<{ count: string }>(fleet.databaseUrl, 'SELECT count(*) FROM sync_conflicts');
  const equal = differences.length === 0;
  const line = {
    soak: 'tasks',
    minutes,
    edits: editors.made,
    refused: editors.refused,
    failures: editors.failures.length,
    faults: faults.armed,
    rssStartMiB: rssStart,
    rssEndMiB: rssEnd,
    lagP95Ms: {
      toSalesforce: meter.percentile('toSalesforce', 95),
      fromSalesforce: meter.percentile('fromSalesforce', 95),
    },
    // Overtaken by another edit of the same field before anybody saw them.
    unseen: meter.unseen,
    conflicts: Number(row?.count ?? 0),
    problems: problems.length,
    equal,
  };
  await meter.close();
  process.stdout.write(`${JSON.stringify(line)}\n`);
  return equal && editors.failures.length === 0 ? 0 : 1;
}

async function tell(
  fleet: Fleet,
  meter: LagMeter,
  editors: Editors,
  { minute, to, from }: { minute: number; to: number; from: number },
): Promise<void> {
  const { waiting } = await fleet.sandbox.sync.status();
  const calls = (await (await fetch(`${fleet.sandbox.org.url}/sandbox/calls`)).json()) as { used: number };
  const lag = (direction: 'toSalesforce' | 'fromSalesforce', since: number) =>
    [50, 95].map((percent) => (meter.percentile(direction, percent, since) / 1000).toFixed(1)).join('/');
  const rss = Object.entries(rssOf(fleet)).map(([role, mib]) => `${role} ${mib}`);
  say(
    `${minute.toFixed(0).padStart(3)} min  ${editors.made} edits  lag p50/p95 to ${lag('toSalesforce', to)} s, ` +
      `from ${lag('fromSalesforce', from)} s  ${waiting} waiting  ${rss.join(', ')} MiB  ${calls.used} calls`,
  );
}

/** Of each role, the process that holds most. */
function rssOf(fleet: Fleet): { api: number; worker: number; org: number } {
  return {
    api: Math.round(fleet.api.rssMiB()),
    worker: Math.round(Math.max(...fleet.liveWorkers.map((worker) => worker.rssMiB()))),
    org: Math.round(fleet.org.rssMiB()),
  };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
