import { startPostgres } from '../servers/postgres.js';
import { startRedis } from '../servers/redis.js';
import type { SupervisedProcess } from '../servers/supervised-process.js';
import type { DataFolder } from './data-folder.js';
import { giveBackDeadLeases } from './dead-leases.js';
import type { KnownProcess } from './processes.js';
import { startMail } from './mail-world-program.js';
import { choosePort, runCli, startProduct } from './product-program.js';
import { pathOf, type Program } from './programs.js';
import { startOrg } from './salesforce-org-program.js';
import type { Supervisor } from './supervisor.js';
import { count, type Terminal } from './terminal.js';

export interface StackOptions {
  folder: DataFolder;
  /** Where Redis is unpacked when the system has none; sandboxes share it. */
  redisFolder: string;
  tasks: number;
  port: number | undefined;
  /** Whether the data survive a power cut. */
  durable: boolean;
  pollSeconds: number;
}

/** Everything that runs, and where. */
export interface Stack {
  apiUrl: string;
  orgUrl: string;
  /** The web mailbox. */
  mailboxUrl: string;
  /** Where the mail world takes mail; undefined: there is none. */
  smtpUrl?: string;
  databaseUrl: string;
  orgDatabaseUrl: string;
  /** Runs a verb of the command line on the same servers. */
  cli(args: string[]): Promise<string>;
}

/** Starts Postgres, Redis, the simulated org, the mail world and the product; each line at the terminal is one of them. */
export async function startStack(options: StackOptions, supervisor: Supervisor, terminal: Terminal): Promise<Stack> {
  const { folder } = options;
  const port = await choosePort(options.port, folder.state().apiPort);

  terminal.passingLine('  Postgres …');
  const postgres = await startPostgres({ dataDir: folder.at('postgres'), durable: options.durable });
  supervisor.addServer('Postgres', postgres);
  await postgres.createDatabase('command_center');
  await postgres.createDatabase('salesforce_org');
  await postgres.createDatabase('mail_world');
  await giveBackDeadLeases(postgres.url('command_center'));
  terminal.done('Postgres', `its own, on port ${postgres.port}`);

  terminal.passingLine('  Redis …');
  const redis = await startRedis({ installDir: options.redisFolder, say: (line) => terminal.line(`  ${line}`) });
  supervisor.addServer('Redis', redis);
  terminal.done('Redis', `${redis.origin}, on port ${redis.port}`);

  terminal.passingLine('  The people and tasks of a Salesforce org …');
  const servers = {
    DATABASE_URL: postgres.url('command_center'),
    REDIS_URL: redis.url,
    ENCRYPTION_KEYS: folder.secrets().encryptionKeys,
  };
  const orgDatabaseUrl = postgres.url('salesforce_org');
  const org = await startOrg({ folder, tasks: options.tasks, databaseUrl: orgDatabaseUrl }, supervisor);
  const { facts } = org;
  const content = facts.seeded ? 'seeded: 10 reps, 2,000 people,' : 'as it was left:';
  terminal.done('Salesforce', `a simulated org at ${facts.url}, ${content} ${count(facts.tasks)} tasks`);

  terminal.passingLine('  Mail …');
  const mail = await startMail({ folder, databaseUrl: postgres.url('mail_world') }, supervisor);
  terminal.done('Mail', `a server that sends nothing out of this machine; its mailbox: ${mail.facts.url}`);

  terminal.passingLine('  Migrations and Command Center …');
  const apiUrl = `http://127.0.0.1:${port}`;
  const env = {
    ...servers,
    ROLE: 'all',
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: apiUrl,
    SALESFORCE_CLIENT_ID: facts.clientId,
    SALESFORCE_CLIENT_SECRET: facts.clientSecret,
    SALESFORCE_LOGIN_HOSTS: facts.url,
    SMTP_URL: mail.facts.smtpUrl,
    MAIL_PROVIDER_SANDBOX: `${mail.facts.url},${new URL(mail.facts.smtpUrl).host}`,
    MAIL_FROM: 'Command Center <command-center@sandbox.example>',
    SALESFORCE_POLL_SECONDS: String(options.pollSeconds),
  };
  const product = await startProduct(folder, env, apiUrl, supervisor);
  folder.keepState({
    apiPort: port,
    orgPort: Number(new URL(facts.url).port),
    mailboxPort: Number(new URL(mail.facts.url).port),
    processes: [
      ...known(org.child, 'sandbox/salesforce-org/main'),
      ...known(mail.child, 'sandbox/mail-world/main'),
      ...known(product, 'main'),
    ],
  });
  // The product applies them before it is ready.
  terminal.done('Migrations', 'all applied');
  terminal.done('API', `ready at ${apiUrl}`);
  return {
    apiUrl,
    orgUrl: facts.url,
    mailboxUrl: mail.facts.url,
    smtpUrl: mail.facts.smtpUrl,
    databaseUrl: servers.DATABASE_URL,
    orgDatabaseUrl,
    cli: (args) => runCli(folder, env, args),
  };
}

function known({ child }: SupervisedProcess, program: Program): KnownProcess[] {
  return child.pid === undefined ? [] : [{ pid: child.pid, command: pathOf(program) }];
}
