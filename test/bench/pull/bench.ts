import { firstSyncFloor } from '../first-sync/floor.js';
import type { StandIn } from '../stand-in/stand-in.js';
import { expectEqual, type Fingerprint, fingerprint } from '../support/fingerprint.js';
import { median, type Options, type ResultLine, round } from '../support/options.js';
import type { Database, Stage } from '../support/stage.js';
import { newTeam, seedTeam, type Team, withDatabase } from '../support/team.js';

const REPS = 20;

interface Measured {
  seconds: number;
  peakRssMiB: number;
  calls: number;
  serverSeconds: number;
  left: Fingerprint & { changes: number };
}

/** n tasks changed there, met by one pull among `total` that are linked; and again among a tenth of them. */
export async function benchPull(stage: Stage, { n, runs, total, say }: Options): Promise<ResultLine> {
  const few = Math.round(total / 10);
  if (n > few) throw new Error(`--total must be at least ten times --n: ${n} of ${few} cannot have changed.`);
  const small = await World.make(stage, few, n);
  const big = await World.make(stage, total, n);
  const floors: Measured[] = [];
  const products: Measured[] = [];
  const smalls: Measured[] = [];
  for (let run = 1; run <= runs; run++) {
    const floor = await big.measure('pull/floor-process.js');
    const product = await big.measure('pull/product-process.js');
    expectEqual('floor and product', product.left, floor.left);
    expectEqual('linked, due', [product.left.linked, product.left.due], [total, 0]);
    floors.push(floor);
    products.push(product);
    smalls.push(await small.measure('pull/product-process.js'));
    const [a, b, c] = [floor, product, smalls.at(-1) ?? product].map(({ seconds }) => round(seconds));
    say(`run ${run}: floor ${a} s, product ${b} s; of ${few} linked tasks ${c} s`);
  }
  const floorSeconds = median(floors.map(({ seconds }) => seconds));
  const seconds = median(products.map((one) => one.seconds));
  const serverSeconds = median(floors.map((one) => one.serverSeconds));
  return {
    bench: 'pull',
    n,
    total,
    seconds: round(seconds),
    floorSeconds: round(floorSeconds),
    ratio: round(seconds / floorSeconds),
    higherIsBetter: false,
    peakRssMiB: Math.round(Math.max(...products.map((one) => one.peakRssMiB))),
    apiCalls: median(products.map(({ calls }) => calls)),
    floorApiCalls: median(floors.map(({ calls }) => calls)),
    flat: round(seconds / median(smalls.map((one) => one.seconds)), 2),
    changesPerSecond: Math.round(n / seconds),
    serverSeconds: round(serverSeconds),
    serverBound: serverSeconds > 0.3 * floorSeconds,
  };
}

/** A database with `total` synced tasks, and an org in which n of them are not what they were; each run gets a copy. */
class World {
  private constructor(
    private readonly stage: Stage,
    private readonly org: StandIn,
    private readonly team: Team,
    private readonly synced: Database,
  ) {}

  static async make(stage: Stage, total: number, n: number): Promise<World> {
    const org = await stage.salesforce({ tasks: total, reps: REPS, tasksById: false, changed: n });
    const team = newTeam(REPS);
    const synced = await stage.database();
    await seedTeam(synced.url, team, org.url);
    const input = { databaseUrl: synced.url, redisUrl: stage.redisUrl, orgUrl: org.url, team };
    await firstSyncFloor(input);
    await pullIsDue(synced);
    // A pull that finds nothing: what is asked once a day is known then.
    await stage.run('pull/product-process.js', input);
    await withDatabase(synced.url, (db) => db.query('VACUUM ANALYZE'));
    await org.change();
    return new World(stage, org, team, synced);
  }

  async measure(script: string): Promise<Measured> {
    const { stage, org, team } = this;
    const database = await stage.database(this.synced);
    await pullIsDue(database);
    await stage.settle();
    await org.takeUsage();
    const input = { databaseUrl: database.url, redisUrl: stage.redisUrl, orgUrl: org.url, team };
    const { output, peakRssMiB } = await stage.run<{ seconds: number }>(script, input);
    const { calls, cpuSeconds } = await org.takeUsage();
    await sameClosing(database);
    const left = { ...(await fingerprint(database.url)), changes: await changesIn(database) };
    await stage.drop(database);
    return { seconds: output.seconds, peakRssMiB, calls, serverSeconds: cpuSeconds, left };
  }
}

async function pullIsDue({ url }: Database): Promise<void> {
  await withDatabase(url, (db) =>
    db.query('UPDATE salesforce_org_states SET pull_cursor = now(), next_pull_at = now(), pulls_done = 0'),
  );
}

/** The product takes the time at which it saw that a task was closed; no difference that matters here. */
async function sameClosing({ url }: Database): Promise<void> {
  await withDatabase(url, (db) => db.query(`UPDATE tasks SET closed_at = '2026-01-05' WHERE closed_at > '2026-01-04'`));
}

async function changesIn({ url }: Database): Promise<number> {
  const { rows } = await withDatabase(url, (db) =>
    db.query<{ count: number }>('SELECT count(*)::int AS count FROM task_changes'),
  );
  return rows[0]?.count ?? 0;
}
