import { parseArgs } from 'node:util';
import { benchDispatch } from './dispatch/bench.js';
import { benchFirstSync } from './first-sync/bench.js';
import { benchFolders } from './folders/bench.js';
import { benchIdle } from './idle/bench.js';
import { benchLatency } from './latency/bench.js';
import { benchMailWorld } from './mail-world/bench.js';
import { benchPull } from './pull/bench.js';
import { benchPush } from './push/bench.js';
import type { Options, ResultLine } from './support/options.js';
import { Stage } from './support/stage.js';

interface Bench {
  defaultN: number;
  run(stage: Stage, options: Options): Promise<ResultLine>;
}

const benches: Readonly<Record<string, Bench>> = {
  'first-sync': { defaultN: 20_000, run: benchFirstSync },
  push: { defaultN: 10_000, run: benchPush },
  pull: { defaultN: 10_000, run: benchPull },
  idle: { defaultN: 10_000, run: benchIdle },
  latency: { defaultN: 5, run: benchLatency },
  'mail-world': { defaultN: 5_000, run: benchMailWorld },
  dispatch: { defaultN: 5_000, run: benchDispatch },
  folders: { defaultN: 1_000_000, run: benchFolders },
};

const usage = `npm run bench -- ${Object.keys(benches).join('|')} [--n N] [--runs K] [--total M] [--seconds S] [--durable] [--json]
  --n        how many tasks (idle: how many reps; latency: edits a second on each side; mail-world, dispatch: messages; folders: emails of one rep)
  --runs     how often floor and product are run in turn; the median counts (default 3)
  --total    pull: how many tasks are linked of which N have changed (default 100000)
  --seconds  latency: how long edits are made (default 60)
  --durable  Postgres with fsync, for floor and product alike
  --json     prints nothing but the result's line`;

/** Runs one benchmark; its result is one line of JSON, printed last. Returns the exit code. */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      n: { type: 'string' },
      runs: { type: 'string', default: '3' },
      total: { type: 'string', default: '100000' },
      seconds: { type: 'string', default: '60' },
      durable: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  });
  const bench = benches[positionals[0] ?? ''];
  if (!bench || positionals.length !== 1) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const options: Options = {
    n: count(values.n ?? String(bench.defaultN)),
    runs: count(values.runs),
    total: count(values.total),
    seconds: count(values.seconds),
    say: (line) => void (values.json || process.stderr.write(`${line}\n`)),
  };
  const stage = await Stage.open({ durable: values.durable, profile: values.profile, say: options.say });
  const interrupted = () => void stage.close().then(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const line = await bench.run(stage, options);
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return 0;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await stage.close();
  }
}

function count(text: string): number {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 1) throw new Error(`"${text}" is no number of at least 1.`);
  return n;
}
