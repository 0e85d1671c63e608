import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { StartRefused } from './start-refused.js';

export interface StartOptions {
  once: boolean;
  /** Where the sandbox keeps its data; undefined: `.sandbox` of this checkout. */
  dataDir?: string;
  /** Tasks that a new org is seeded with. */
  tasks: number;
  /** Port of the API; undefined: the last one, or a free one. */
  port?: number;
  reset: boolean;
}

const HELP = `
Without DATABASE_URL it brings its own Postgres, Redis and a simulated Salesforce org, all on
loopback, and keeps their data between starts. With DATABASE_URL it starts the service on yours.

  npm start                        try it: a team, its Salesforce, the first-time sync, then it keeps syncing
  npm start -- --once              prove it: sync, change both sides, compare every task, exit 0 or 1`;

/** The options of the command line; undefined when it only asked for help. */
export function parseOptions(args: readonly string[]): StartOptions | undefined {
  const command = new Command('npm start --')
    .description('Starts Command Center.')
    .option('--once', 'first sync and 200 changes on each side in a fresh sandbox, then compare and end')
    .option('--data-dir <folder>', 'where the sandbox keeps its data (default: .sandbox)')
    .option('--tasks <n>', 'tasks that a new Salesforce org is seeded with', wholeNumber, 5000)
    .option('--port <n>', 'port of the API (default: the last one, else a free one)', portNumber)
    .option('--reset', 'forget the data of the sandbox first')
    .addHelpText('after', HELP)
    .allowExcessArguments(false)
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  try {
    const given = command.parse(args, { from: 'user' }).opts<Partial<StartOptions> & Pick<StartOptions, 'tasks'>>();
    return { once: false, reset: false, ...given };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new StartRefused(`${error.message.replace(/^error: /, '')}\nSee npm start -- --help.`);
  }
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

function portNumber(text: string): number {
  const value = wholeNumber(text);
  if (value < 1 || value > 65_535) throw new InvalidArgumentError('It must be a port, 1 to 65535.');
  return value;
}
