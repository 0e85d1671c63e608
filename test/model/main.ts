import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type Campaign, playCampaign } from './campaign.js';
import { Player } from './player.js';
import { SAFEGUARDS, type Safeguard } from './safeguards.js';

const USAGE = `npm run test:model -- [--runs 300] [--minutes M] [--seed 1] [--from 0] [--without NAME|all] [--players 2]
  --minutes 30           begins no more after so long (with --without all: for each)
  --from 17 --runs 1     plays one history again
  --without NAME         the product lacks that safeguard: some history must go wrong; ${SAFEGUARDS.join(', ')}`;
const SAID_EVERY_MS = 10_000;

/** Random histories of people, faults and crashes against the sync. Returns the exit code. */
export async function main(args: string[]): Promise<number> {
  const options = optionsOf(args);
  if (!options) {
    say(USAGE);
    return 2;
  }
  const servers = await startServers();
  const players = Array.from({ length: options.players }, (_, n) =>
    Player.start({ ...servers.env, JEST_WORKER_ID: `model${n}` }),
  );
  try {
    if (options.without.length === 0) return await play(players, options);
    let blind = 0;
    for (const safeguard of options.without) blind += await playWithout(players, options, safeguard);
    return blind === 0 ? 0 : 1;
  } finally {
    for (const player of players) player.stop();
    await servers.stop();
  }
}

interface Options {
  runs: number;
  minutes: number;
  seed: number;
  from: number;
  players: number;
  without: readonly Safeguard[];
}

function optionsOf(args: string[]): Options | undefined {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string' },
      minutes: { type: 'string' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
      players: { type: 'string', default: '2' },
      without: { type: 'string', default: '' },
    },
  });
  const without = SAFEGUARDS.filter((name) => values.without === 'all' || values.without === name);
  if (values.without !== '' && without.length === 0) return undefined;
  const runs = Number(values.runs ?? (without.length > 0 ? 500 : 300));
  const [seed, from, players] = [Number(values.seed), Number(values.from), Number(values.players)];
  const minutes = Number(values.minutes ?? Infinity);
  const numbers = [runs, seed, from, players];
  if (!numbers.every((number) => Number.isSafeInteger(number) && number >= 0) || runs < 1 || players < 1)
    return undefined;
  if (!(minutes > 0)) return undefined;
  return { runs, minutes, seed, from, players, without };
}

function untilOf({ minutes }: Options): number {
  return performance.now() + minutes * 60_000;
}

async function play(players: readonly Player[], options: Options): Promise<number> {
  const began = performance.now();
  let saidAt = began;
  const campaign: Campaign = {
    ...options,
    until: untilOf(options),
    reduce: true,
    played: (histories) => {
      if (performance.now() - saidAt < SAID_EVERY_MS) return;
      saidAt = performance.now();
      say(`${histories} of ${options.runs} histories, ${((saidAt - began) / 1000).toFixed(0)} s`);
    },
  };
  const { histories, unavoidable, coverage, failure } = await playCampaign(players, campaign);
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(`${coverage.table()}\n`);
  process.stdout.write(
    `${histories} histories of seed ${options.seed} in ${seconds} s; ` +
      `${unavoidable} edits were written over unseen, in the moment between our reading and our writing\n`,
  );
  if (!failure) return 0;
  process.stdout.write(
    `history ${failure.index} went wrong (--seed ${options.seed} --from ${failure.index} --runs 1):\n`,
  );
  process.stdout.write(`${[...failure.wrongs, failure.smallest].join('\n')}\n`);
  return 1;
}

/** The model is worth what it notices: without a safeguard, some history must go wrong. Returns how many it missed. */
async function playWithout(players: readonly Player[], options: Options, safeguard: Safeguard): Promise<0 | 1> {
  const { histories, failure } = await playCampaign(players, {
    ...options,
    until: untilOf(options),
    lacking: safeguard,
    reduce: false,
  });
  const what = failure
    ? `noticed in ${histories} histories: ${failure.wrongs[0]}`
    : `not noticed in ${histories} histories`;
  process.stdout.write(`without ${safeguard}: ${what}\n`);
  return failure ? 0 : 1;
}

async function startServers(): Promise<{ env: Record<string, string>; stop(): Promise<void> }> {
  const file = join(import.meta.dirname, '..', 'support', 'servers.js');
  const child = spawn(process.execPath, [file, join(process.cwd(), '.sandbox', 'redis')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`The servers did not start (exit ${code}).`)));
  });
  const { postgresUrl, redisUrl } = JSON.parse(line) as { postgresUrl: string; redisUrl: string };
  return {
    env: { TEST_POSTGRES_URL: postgresUrl, TEST_REDIS_URL: redisUrl, TEST_RUN: String(process.pid) },
    stop: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
