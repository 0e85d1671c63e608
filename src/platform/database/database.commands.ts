import type { Command } from 'commander';
import type { Cli } from '../cli/cli.js';
import { migrate } from './migrate.js';
import { withPostgres } from './with-postgres.js';

export function registerDatabaseCommands(program: Command, cli: Cli): void {
  program
    .command('migrate')
    .description('apply the migrations that are missing')
    .action(async () => {
      await withPostgres(cli.config(), migrate);
      cli.print('All migrations are applied.');
    });
}
