import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.js';
import { migrate } from '../database/migrate.js';
import { withPostgres } from '../database/with-postgres.js';
import { StartError } from '../errors/start-error.js';
import { backUp } from './backup.js';
import { restore } from './restore.js';

/** `after`: statements of the rooms that make restored rows fit for another time and place. */
export function registerBackupCommands(program: Command, cli: Cli, after: readonly string[]): void {
  program
    .command('backup')
    .description('write the whole database, as of one moment, to a file')
    .argument('<file>', 'where to; must not exist yet')
    .action(async (file: string) => {
      const url = cli.config().get('DATABASE_URL');
      // Whoever copies files away must not meet half a backup.
      const unfinished = `${file}.part`;
      const target = createWriteStream(unfinished, { flags: 'wx', mode: 0o600 });
      await once(target, 'open').catch((error: unknown) => {
        throw new StartError(`${unfinished} cannot be written: ${(error as Error).message}`);
      });
      const { rows } = await backUp(url, target);
      await rename(unfinished, file);
      cli.print(`${sum(rows)} rows of ${Object.keys(rows).length} tables are in ${file}.`);
      cli.print('Keep ENCRYPTION_KEYS elsewhere: without them the stored secrets in it cannot be read.');
    });
  program
    .command('restore')
    .description('put a backup into an empty database; Salesforce connections are paused there')
    .argument('<file>', 'the backup')
    .action(async (file: string) => {
      const config = cli.config();
      await withPostgres(config, migrate);
      const source = createReadStream(file);
      await once(source, 'open').catch((error: unknown) => {
        throw new StartError(`${file} cannot be read: ${(error as Error).message}`);
      });
      const { rows } = await restore(config.get('DATABASE_URL'), source, after);
      cli.print(`${sum(rows)} rows of ${Object.keys(rows).length} tables are restored.`);
      cli.print('The Salesforce connections are paused: resume each once you have looked (docs/operations.md).');
    });
}

function sum(rows: Record<string, number>): number {
  return Object.values(rows).reduce((total, count) => total + count, 0);
}
