import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { startPostgres } from '../servers/postgres.js';
import type { PostgresServer } from '../servers/postgres.js';
import { seedOrg } from './seed/seed.js';
import { startSalesforceOrg } from './server.js';

/** The simulated org as a process of its own: `npm run salesforce-org -- --port 8090 --tasks 5000`. */

interface Flags {
  port: number;
  tasks: number;
  seed: number;
  databaseUrl?: string;
  dataDir: string;
  json?: boolean;
  exitWithParent?: boolean;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

const flags = new Command('salesforce-org')
  .description('A simulated Salesforce org that answers over HTTP like the real one.')
  .option('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber, 0)
  .option('--tasks <n>', 'tasks to make when the org is empty', wholeNumber, 5000)
  .option('--seed <n>', 'the same number makes the same org', wholeNumber, 1)
  .option('--database-url <url>', 'Postgres database for its data; without it, one is started')
  .option('--data-dir <path>', 'where the started Postgres keeps its data', '.sandbox/salesforce-org')
  .option('--json', 'print one line of JSON')
  .option('--exit-with-parent', 'end when standard input closes')
  .parse()
  .opts<Flags>();

const DATABASE = 'salesforce_org';
let postgres: PostgresServer | undefined;
let databaseUrl = flags.databaseUrl;
if (databaseUrl === undefined) {
  postgres = await startPostgres({ dataDir: resolve(flags.dataDir), durable: true });
  await postgres.createDatabase(DATABASE);
  databaseUrl = postgres.url(DATABASE);
}
const org = await startSalesforceOrg({ databaseUrl, port: flags.port });
const { tasks, seeded } = await seedOrg(org.pool, { tasks: flags.tasks, seed: flags.seed });
const { rows: users } = await org.pool.query<{ id: string; name: string; username: string; active: boolean }>(
  'SELECT id, name, username, is_active AS active FROM sf_user ORDER BY id',
);

const facts = {
  url: org.url,
  page: `${org.url}/`,
  clientId: org.clientId,
  clientSecret: org.clientSecret,
  databaseUrl,
  tasks,
  seeded,
  users,
};
process.stdout.write(flags.json ? `${JSON.stringify(facts)}\n` : forPeople());

function forPeople(): string {
  return `
Simulated Salesforce org, ${tasks.toLocaleString('en')} tasks${seeded ? '' : ' (kept from an earlier start)'}

  address        ${facts.url}          (log-in and API)
  task page      ${facts.page}
  client id      ${facts.clientId}
  client secret  ${facts.clientSecret}
  users          no passwords: choose one when you log in, e.g. ${users[0]?.username ?? ''}
  control        ${facts.url}/sandbox/state

Ctrl-C ends it.
`;
}

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await org.close();
  await postgres?.stop();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
if (flags.exitWithParent) {
  process.stdin.resume();
  process.stdin.once('end', () => void end());
  process.stdin.once('close', () => void end());
}
