import { rmSync } from 'node:fs';
import { postgresFolder } from '../../servers/postgres.js';
import { compare } from '../compare.js';
import { readRows, readThere, select } from '../compare-read.js';
import type { ThereTask } from '../compare-types.js';
import { outboxTable, sendToFifty } from '../outbox.js';
import { DataFolder } from '../data-folder.js';
import { firstSyncTable, followFirstSync, showPreview } from '../first-sync.js';
import { lockFolder } from '../lock.js';
import type { StartOptions } from '../options.js';
import { ONCE_LOGS, REDIS_FOLDER } from '../sandbox-folder.js';
import { type Sandbox, setUp } from '../set-up.js';
import { startStack } from '../stack.js';
import { StartRefused } from '../start-refused.js';
import type { Supervisor } from '../supervisor.js';
import { plural, type Terminal } from '../terminal.js';
import { type Change, makeAll } from './changes.js';
import { changesBoth } from './changes-both.js';
import { changesHere, clients } from './changes-here.js';
import { changesThere } from './changes-there.js';
import { Deck } from './deck.js';
import { lostChanges } from './kept-changes.js';
import { Phases } from './phases.js';
import { untilQuiet } from './quiescence.js';
import { makeTemporaryFolder } from './temporary-folder.js';
import { tellOutbox } from './outbox-verdict.js';
import { tellVerdict } from './verdict.js';

/** Short: the changes come quickly, and each poll should meet some of them. */
const POLL_SECONDS = 1;

/**
 * The proof: a fresh sandbox, the first-time sync, 200 changes on each side while it syncs, and then every task compared
 * by code that shares nothing with it. Answers the exit code.
 */
export async function runOnce(options: StartOptions, supervisor: Supervisor, terminal: Terminal): Promise<number> {
  const folder = openFolder(supervisor);
  const phases = new Phases();
  terminal.heading('Command Center, one run in a fresh sandbox');
  const { tasks, port } = options;
  const stack = await phases.time('start', () =>
    startStack(
      { folder, redisFolder: REDIS_FOLDER, tasks, port, durable: false, pollSeconds: POLL_SECONDS },
      supervisor,
      terminal,
    ),
  );
  const sandbox = await phases.time('team and connection', () => setUp(stack, folder, terminal));
  const before = await phases.time('first-time sync', () => firstSync(sandbox, terminal));

  terminal.heading('Changes on both sides, while it syncs');
  const { here, there, written } = await phases.time('changes', () => makeChanges(sandbox, terminal));
  terminal.done(
    'Changed',
    `${plural(here, 'time')} here, ${plural(there, 'time')} in Salesforce, 20 tasks on both sides at once`,
  );
  terminal.passingLine('  Waiting until both sides are at rest …');
  await phases.time('coming to rest', () => untilQuiet(sandbox.sync));
  terminal.done('At rest', 'nothing waits, and the last pull found nothing to do');

  terminal.heading('A Select and Send to fifty people');
  const outbox = await phases.time('emails', () => sendToFifty(sandbox, terminal));
  for (const line of outboxTable(outbox)) terminal.line(line);
  const areSent = tellOutbox(outbox, terminal);

  terminal.heading('Every task of every rep, as it stands in the tables of both sides');
  const rows = await readRows(stack.databaseUrl, stack.orgDatabaseUrl, before);
  const comparison = await phases.time('comparison', () => Promise.resolve(compare(rows)));
  const lost = lostChanges(written, rows);
  const [row] = await select<{ conflicts: number }>(
    stack.databaseUrl,
    'SELECT count(*)::int AS conflicts FROM sync_conflicts',
  );
  const isGood = tellVerdict(
    { comparison, lost, conflicts: row?.conflicts ?? 0, problems: await sandbox.sync.problems() },
    terminal,
  );
  terminal.line();
  for (const line of phases.lines()) terminal.line(line);
  return isGood && areSent ? 0 : 1;
}

/** Two scopes, so that the rules of both are held to what they say. Answers how the org stood before. */
async function firstSync({ sync, team, stack }: Sandbox, terminal: Terminal): Promise<ThereTask[]> {
  const half = Math.ceil(team.reps.length / 2);
  const open = team.reps.slice(0, half).map((rep) => rep.userId);
  const all = team.reps.slice(half).map((rep) => rep.userId);
  await makeOwnTasks(team.reps.slice(0, 3), stack.apiUrl);
  const before = await readThere(stack.orgDatabaseUrl);
  terminal.heading(`What the first-time sync will do for half of the reps, scope "all"`);
  await showPreview(sync, all, 'all', terminal);
  const refused = [...(await sync.turnOn(open, 'open')), ...(await sync.turnOn(all, 'all'))];
  if (refused.length > 0) throw new StartRefused(`The sync could not be turned on: ${refused.join(' ')}`);
  terminal.heading(`First-time sync of ${plural(team.reps.length, 'rep')}, scope "open" and "all"`);
  const runs = await followFirstSync(sync, terminal);
  terminal.line();
  for (const line of firstSyncTable(runs)) terminal.line(line);
  return before;
}

/** What a rep had before the sync was turned on stays here. */
async function makeOwnTasks(reps: Sandbox['team']['reps'], apiUrl: string): Promise<void> {
  const as = clients(reps, apiUrl);
  for (const rep of reps) await as(rep).send('POST', '/v1/tasks', { name: 'Had before the sync' });
}

async function makeChanges({ stack, team, org, sync }: Sandbox, terminal: Terminal) {
  const deck = await Deck.read(stack.databaseUrl, team.reps);
  const [outsider] = await org.users();
  const both = changesBoth(deck, clients(team.reps, stack.apiUrl), org);
  const here = changesHere(deck, team, stack.apiUrl);
  const there = changesThere(deck, org, team.reps, outsider?.id ?? '');
  const total = here.length + there.length + both.here.length + both.there.length;
  let made = 0;
  const progress = () => terminal.passingLine(`  ${(made += 1)} of ${total} changes`);
  const make = (mine: Change[], theirs: Change[]) => Promise.all([makeAll(mine, progress), makeAll(theirs, progress)]);
  // Paused, so that no sync comes between the two changes of one task.
  await untilQuiet(sync);
  await team.admin.send('POST', '/v1/salesforce/connection/pause');
  const written = await make(both.here, both.there);
  await team.admin.send('POST', '/v1/salesforce/connection/resume');
  written.push(...(await make(here, there)));
  return {
    here: here.length + both.here.length,
    there: there.length + both.there.length,
    written: written.flat(),
  };
}

/** A folder of this run alone, which goes with it. */
function openFolder(supervisor: Supervisor): DataFolder {
  // What the programs said outlives the run: who meets a failure wants to read it.
  rmSync(ONCE_LOGS, { recursive: true, force: true });
  const folder = new DataFolder(makeTemporaryFolder(), ONCE_LOGS);
  lockFolder(folder.path);
  supervisor.afterwards(() => {
    for (const path of [postgresFolder(folder.at('postgres')), folder.path])
      rmSync(path, { recursive: true, force: true });
  });
  return folder;
}
