import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { HTML, seedScheduled, seedSenders } from '../support/emails.js';
import { median, type Options, type ResultLine, round } from '../support/options.js';
import type { Stage } from '../support/stage.js';
import { newTeam, seedTeam } from '../support/team.js';
import type { DispatchInput, DispatchOutput } from './product-process.js';

const CHANNELS = 4;
const CONNECTIONS = 5;
const PER_SECOND = 50;
const STEADY_SECONDS = 30;
const NOWHERE = 'http://127.0.0.1:9';

/** How fast emails leave that are due at once, against a bare pool with the same connections; and how late, on a schedule. */
export async function benchDispatch(stage: Stage, { n, runs, say }: Options): Promise<ResultLine> {
  const sink = fork(join(import.meta.dirname, 'sink-process.js'), { stdio: ['ignore', 2, 2, 'ipc'] });
  const [{ port }] = (await once(sink, 'message')) as [{ port: number }];
  try {
    const [floors, products, cpu, memory]: number[][] = [[], [], [], []];
    for (let run = 1; run <= runs; run++) {
      const before = (await stats(sink)).cpuSeconds;
      const input = { port, n, connections: CHANNELS * CONNECTIONS, html: HTML };
      const floor = await stage.run<{ seconds: number }>(join('dispatch', 'floor-process.js'), input);
      cpu?.push((await stats(sink)).cpuSeconds - before);
      const product = await send(stage, sink, port, { n, what: 'all due' });
      floors?.push(floor.output.seconds);
      products?.push(product.output.seconds);
      memory?.push(product.peakRssMiB);
      say(
        `run ${run}: ${Math.round(n / product.output.seconds)} a second, floor ${Math.round(n / floor.output.seconds)}`,
      );
    }
    const steady = await send(stage, sink, port, { n: PER_SECOND * STEADY_SECONDS, what: 'steady' });
    const [floor, seconds, serverSeconds] = [median(floors ?? []), median(products ?? []), median(cpu ?? [])];
    return {
      ...{ bench: 'dispatch', n, seconds: round(seconds), floorSeconds: round(floor) },
      ...{ ratio: round(floor / seconds), higherIsBetter: true, peakRssMiB: Math.round(Math.max(...(memory ?? []))) },
      ...{ perSecond: Math.round(n / seconds), latenessP99Ms: Math.round(steady.output.latenessP99Ms ?? NaN) },
      ...{ serverSeconds: round(serverSeconds), serverBound: serverSeconds > 0.3 * floor },
      ...{ channels: CHANNELS, connections: CHANNELS * CONNECTIONS },
    };
  } finally {
    sink.disconnect();
  }
}

/** On a database of its own; fails unless each email arrived once. */
async function send(
  stage: Stage,
  sink: ChildProcess,
  port: number,
  { n, what }: { n: number; what: DispatchInput['what'] },
) {
  const [database, team] = [await stage.database(), newTeam(1)];
  await seedTeam(database.url, team, NOWHERE);
  const { channels } = await seedSenders(database.url, team, { port, channels: CHANNELS, connections: CONNECTIONS });
  const isSteady = what === 'steady';
  // The process that sends needs a moment to start.
  const first = new Date(Date.now() + (isSteady ? 10_000 : -1_000));
  await seedScheduled(database.url, team, { channels, n, first, gapMs: isSteady ? 1000 / PER_SECOND : 0 });
  const before = (await stats(sink)).messages;
  const input: DispatchInput = {
    ...{ databaseUrl: database.url, redisUrl: stage.redisUrl, orgUrl: NOWHERE, team, channels, what },
  };
  const done = await stage.run<DispatchOutput>(join('dispatch', 'product-process.js'), input);
  const arrived = (await stats(sink)).messages - before;
  await stage.drop(database);
  if (arrived !== n) throw new Error(`${arrived} messages arrived instead of ${n}.`);
  return done;
}

async function stats(sink: ChildProcess): Promise<{ messages: number; cpuSeconds: number }> {
  sink.send('stats');
  const [answer] = (await once(sink, 'message')) as [{ messages: number; cpuSeconds: number }];
  return answer;
}
