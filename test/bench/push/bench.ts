import type { StandIn } from '../stand-in/stand-in.js';
import { firstSyncFloor } from '../first-sync/floor.js';
import { expectEqual, type Fingerprint, fingerprint } from '../support/fingerprint.js';
import { median, type Options, type ResultLine, round } from '../support/options.js';
import type { Database, Stage } from '../support/stage.js';
import { newTeam, seedTeam, type Team, withDatabase } from '../support/team.js';
import type { Changes } from './changes-process.js';

const REPS = 20;
/** Three calls: from there on a call carries as many records as it may. */
const WARM_UP = 600;

interface Measured {
  seconds: number;
  peakRssMiB: number;
  calls: number;
  serverSeconds: number;
  left: Fingerprint;
}

/** n changes made here go to Salesforce: edits, completions, creates and deletes, mixed. */
export async function benchPush(stage: Stage, { n, runs, say }: Options): Promise<ResultLine> {
  const tasks = n + WARM_UP;
  const org = await stage.salesforce({ tasks, reps: REPS, tasksById: true });
  const team = newTeam(REPS);
  const { database: changed, changes } = await makeChanges(stage, org, team, n);
  say(`changed: ${JSON.stringify(changes)}`);

  const measure = async (script: string): Promise<Measured> => {
    const database = await stage.database(changed);
    await onlyThePush(database);
    await stage.settle();
    await org.takeUsage();
    const input = { databaseUrl: database.url, redisUrl: stage.redisUrl, orgUrl: org.url, team };
    const { output, peakRssMiB } = await stage.run<{ seconds: number }>(script, input);
    const { calls, cpuSeconds, ...written } = await org.takeUsage();
    const left = await fingerprint(database.url);
    expectEqual('written', written, changes);
    expectEqual('due, linked', [left.due, left.linked], [0, tasks + changes.created]);
    await stage.drop(database);
    return { seconds: output.seconds, peakRssMiB, calls, serverSeconds: cpuSeconds, left };
  };

  const floors: Measured[] = [];
  const products: Measured[] = [];
  for (let run = 1; run <= runs; run++) {
    const floor = await measure('push/floor-process.js');
    const product = await measure('push/product-process.js');
    expectEqual('floor and product', product.left, floor.left);
    floors.push(floor);
    products.push(product);
    say(`run ${run}: floor ${round(floor.seconds)} s, product ${round(product.seconds)} s`);
  }
  const floorSeconds = median(floors.map(({ seconds }) => seconds));
  const seconds = median(products.map((one) => one.seconds));
  const serverSeconds = median(floors.map((one) => one.serverSeconds));
  return {
    bench: 'push',
    n,
    seconds: round(seconds),
    floorSeconds: round(floorSeconds),
    ratio: round(seconds / floorSeconds),
    higherIsBetter: false,
    peakRssMiB: Math.round(Math.max(...products.map((one) => one.peakRssMiB))),
    apiCalls: median(products.map(({ calls }) => calls)),
    floorApiCalls: median(floors.map(({ calls }) => calls)),
    changesPerSecond: Math.round(n / seconds),
    serverSeconds: round(serverSeconds),
    serverBound: serverSeconds > 0.3 * floorSeconds,
  };
}

/** A database with synced tasks of which n were changed; every run gets a copy. */
async function makeChanges(
  stage: Stage,
  org: StandIn,
  team: Team,
  n: number,
): Promise<{ database: Database; changes: Changes }> {
  const database = await stage.database();
  await seedTeam(database.url, team, org.url);
  const input = { databaseUrl: database.url, redisUrl: stage.redisUrl, orgUrl: org.url, team };
  await firstSyncFloor(input);
  await withDatabase(database.url, async (db) => {
    await db.query('UPDATE salesforce_org_states SET pull_cursor = now(), next_pull_at = now()');
    await db.query('VACUUM ANALYZE');
  });
  const { output: changes } = await stage.run<Changes>('push/changes-process.js', { ...input, warmUp: WARM_UP, n });
  await withDatabase(database.url, (db) => db.query('VACUUM ANALYZE'));
  return { database, changes };
}

/** Neither a poll nor a look at the picklists falls into the measured time. */
async function onlyThePush({ url }: Database): Promise<void> {
  await withDatabase(url, (db) =>
    db.query(`UPDATE salesforce_org_states SET next_pull_at = now() + interval '1 day', org_schema_at = now()`),
  );
}
