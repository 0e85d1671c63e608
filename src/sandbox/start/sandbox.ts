import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { postgresFolder } from '../servers/postgres.js';
import { DataFolder } from './data-folder.js';
import { firstSyncTable, followFirstSync, showPreview } from './first-sync.js';
import { lockFolder } from './lock.js';
import type { StartOptions } from './options.js';
import { outboxTable, sendToFifty } from './outbox.js';
import { outlive } from './processes.js';
import { REDIS_FOLDER, SANDBOX_FOLDER } from './sandbox-folder.js';
import { type Sandbox, setUp } from './set-up.js';
import { startStack } from './stack.js';
import { StartRefused } from './start-refused.js';
import type { Supervisor } from './supervisor.js';
import { plural, type Terminal } from './terminal.js';
import { watchRuns } from './watch.js';
import { showWhereToLook } from './where-to-look.js';

/** Short, so that a person sees a change arrive; the product's own default is 30. */
const POLL_SECONDS = 5;
/** All there is: a trial wants to see thousands of tasks. The product's own default is `due`. */
const SCOPE = 'all';

/** The sandbox that a person tries: set up once, found again, kept in sync until they end it. */
export async function runSandbox(
  options: StartOptions,
  supervisor: Supervisor,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const folder = new DataFolder(resolve(options.dataDir ?? SANDBOX_FOLDER));
  const lock = lockFolder(folder.path);
  // Held until nothing of ours works on the data any more.
  supervisor.afterwards(() => lock.release());
  terminal.heading('Command Center, sandbox');
  // A file that cannot be read is what --reset is for.
  await outlive(options.reset ? folder.processesIfKnown() : folder.state().processes);
  if (options.reset) forget(folder, terminal);
  const stackOptions = { folder, redisFolder: REDIS_FOLDER, durable: true, pollSeconds: POLL_SECONDS };
  const stack = await startStack({ ...stackOptions, tasks: options.tasks, port: options.port }, supervisor, terminal);
  const sandbox = await setUp(stack, folder, terminal);
  await firstSync(sandbox, folder, terminal);
  await firstEmails(sandbox, folder, terminal);
  await showWhereToLook(sandbox, POLL_SECONDS, terminal);
  terminal.line();
  terminal.line('In sync from now on. Ctrl-C ends it; the data stay for the next start.');
  await watchRuns(sandbox.sync, terminal, signal);
}

async function firstSync({ sync, team }: Sandbox, folder: DataFolder, terminal: Terminal): Promise<void> {
  const userIds = team.reps.map((rep) => rep.userId);
  if (!folder.state().syncTurnedOn) {
    terminal.heading('What the first-time sync will do');
    await showPreview(sync, userIds, SCOPE, terminal);
    const refused = await sync.turnOn(userIds, SCOPE);
    if (refused.length > 0) throw new StartRefused(`The sync could not be turned on: ${refused.join(' ')}`);
    folder.keepState({ syncTurnedOn: true });
  } else {
    const { reps_syncing: syncing, reps_reading: reading } = await sync.status();
    if (reading === 0) {
      terminal.done('Task sync', `on for ${plural(syncing, 'rep')}, as before`);
      return;
    }
  }
  terminal.heading(`First-time sync of ${plural(userIds.length, 'rep')}`);
  const runs = await followFirstSync(sync, terminal);
  terminal.line();
  for (const line of firstSyncTable(runs)) terminal.line(line);
}

async function firstEmails(sandbox: Sandbox, folder: DataFolder, terminal: Terminal): Promise<void> {
  if (folder.state().emailsBegun) return;
  folder.keepState({ emailsBegun: true });
  terminal.heading('A Select and Send to fifty people');
  for (const line of outboxTable(await sendToFifty(sandbox, terminal))) terminal.line(line);
}

/** Redis's program is kept: it is no data. */
function forget(folder: DataFolder, terminal: Terminal): void {
  if (existsSync(folder.at('postgres')) || existsSync(folder.at('secrets.json'))) {
    terminal.line(`Forgetting the data in ${folder.path} (--reset).`);
  }
  for (const part of [postgresFolder(folder.at('postgres')), folder.at('secrets.json'), folder.at('state.json')]) {
    rmSync(part, { recursive: true, force: true });
  }
}
