import { expectEqual, type Fingerprint, fingerprint } from '../support/fingerprint.js';
import { median, type Options, type ResultLine, round } from '../support/options.js';
import type { Stage } from '../support/stage.js';
import { newTeam, seedTeam, type Team } from '../support/team.js';
import type { StandIn } from '../stand-in/stand-in.js';
import type { ProductOutput } from './product-process.js';

const REPS = 20;
const PAGE = 2_000;
/** With fewer, a small run would be all beginning. */
const SMALL_AT_LEAST = 5 * PAGE;

interface Measured {
  seconds: number;
  peakRssMiB: number;
  calls: number;
  serverSeconds: number;
  left: Fingerprint;
}

/** The first-time sync of a team whose tasks are all new here, from the switch to the last row. */
export async function benchFirstSync(stage: Stage, { n, runs, say }: Options): Promise<ResultLine> {
  const world = await World.make(stage, n);
  const floors: Measured[] = [];
  const products: (Measured & { output: ProductOutput })[] = [];
  for (let run = 1; run <= runs; run++) {
    const floor = await world.floor();
    const product = await world.product();
    expectEqual('floor and product', product.left, floor.left);
    expectEqual('tasks, linked, due', [product.left.tasks, product.left.linked, product.left.due], [n, n, 0]);
    floors.push(floor);
    products.push(product);
    say(`run ${run}: floor ${round(floor.seconds)} s, product ${round(product.seconds)} s`);
  }
  const floorSeconds = median(floors.map(({ seconds }) => seconds));
  const seconds = median(products.map((one) => one.seconds));
  const serverSeconds = median(floors.map((one) => one.serverSeconds));
  return {
    bench: 'first-sync',
    n,
    seconds: round(seconds),
    floorSeconds: round(floorSeconds),
    ratio: round(seconds / floorSeconds),
    higherIsBetter: false,
    peakRssMiB: Math.round(Math.max(...products.map((one) => one.peakRssMiB))),
    apiCalls: median(products.map(({ calls }) => calls)),
    floorApiCalls: median(floors.map(({ calls }) => calls)),
    ...(await scale(stage, { n, runs, say }, products, floorSeconds)),
    tasksPerSecond: Math.round(n / seconds),
    serverSeconds: round(serverSeconds),
    serverBound: serverSeconds > 0.3 * floorSeconds,
  };
}

interface Scale {
  scale: number | null;
  floorScale: number | null;
}

/**
 * Cost per task at n over that at n/10, the first page of each left out; beside it the floor's, which shows what the
 * database's own growth costs. Null when n is too small to tell.
 */
async function scale(
  stage: Stage,
  { n, runs, say }: Pick<Options, 'n' | 'runs' | 'say'>,
  products: readonly { output: ProductOutput }[],
  floorSeconds: number,
): Promise<Scale> {
  const small = Math.max(Math.ceil(n / 10), SMALL_AT_LEAST);
  if (small > n / 2) return { scale: null, floorScale: null };
  const world = await World.make(stage, small);
  const smallProducts: { output: ProductOutput }[] = [];
  const smallFloors: Measured[] = [];
  for (let run = 1; run <= runs; run++) {
    smallFloors.push(await world.floor());
    smallProducts.push(await world.product());
  }
  const cost = (all: readonly { output: ProductOutput }[]) =>
    median(all.map(({ output }) => output.secondsAfterFirst / output.tasksAfterFirst));
  const [here, there] = [cost(products), cost(smallProducts)];
  say(`per task: ${round(here * 1e6, 1)} µs of ${n}, ${round(there * 1e6, 1)} µs of ${small}`);
  const floorThere = median(smallFloors.map(({ seconds }) => seconds)) / small;
  return { scale: round(here / there, 2), floorScale: round(floorSeconds / n / floorThere, 2) };
}

/** An org with n tasks and a team that is connected to it; each run gets a fresh database. */
class World {
  private constructor(
    private readonly stage: Stage,
    private readonly org: StandIn,
    private readonly team: Team,
  ) {}

  static async make(stage: Stage, n: number): Promise<World> {
    return new World(stage, await stage.salesforce({ tasks: n, reps: REPS, tasksById: false }), newTeam(REPS));
  }

  floor(): Promise<Measured> {
    return this.measure<{ seconds: number }>('first-sync/floor-process.js');
  }

  product(): Promise<Measured & { output: ProductOutput }> {
    return this.measure<ProductOutput>('first-sync/product-process.js');
  }

  private async measure<Output extends { seconds: number }>(script: string): Promise<Measured & { output: Output }> {
    const { stage, org, team } = this;
    const database = await stage.database();
    await seedTeam(database.url, team, org.url);
    await stage.settle();
    await org.takeUsage();
    const input = { databaseUrl: database.url, redisUrl: stage.redisUrl, orgUrl: org.url, team };
    const { output, peakRssMiB } = await stage.run<Output>(script, input);
    const { calls, cpuSeconds } = await org.takeUsage();
    const left = await fingerprint(database.url);
    await stage.drop(database);
    return { output, seconds: output.seconds, peakRssMiB, calls, serverSeconds: cpuSeconds, left };
  }
}
