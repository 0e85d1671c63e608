import { Command, InvalidArgumentError } from 'commander';
import { startMailWorld } from './server.js';

/** The mail world as a process of its own; it prints one line of JSON and ends with SIGTERM. */

function portNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError('It must be a port.');
  return value;
}

const flags = new Command('mail-world')
  .description('Takes mail on loopback and shows it in a web mailbox; nothing leaves this machine.')
  .requiredOption('--database-url <url>', 'Postgres database for its mail')
  .option('--smtp-port <n>', 'port of the mail server; 0 takes a free one', portNumber, 0)
  .option('--web-port <n>', 'port of the mailbox; 0 takes a free one', portNumber, 0)
  .parse()
  .opts<{ databaseUrl: string; smtpPort: number; webPort: number }>();

const world = await startMailWorld(flags);
process.stdout.write(`${JSON.stringify({ url: world.url, smtpUrl: world.smtpUrl })}\n`);

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await world.close();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
