import type { Command } from 'commander';
import type { Cli } from '../cli/cli.js';
import { SealedColumns } from './sealed-columns.js';

export function registerSecretsCommands(program: Command, cli: Cli): void {
  program
    .command('secrets')
    .description('stored secrets')
    .command('rotate')
    .description('seal every stored secret with the first key of ENCRYPTION_KEYS')
    .action(() =>
      cli.withApp(async (app) => {
        const sealed = await app.get(SealedColumns).rotate();
        cli.print(`${sealed} secrets were sealed anew; all are under the first key of ENCRYPTION_KEYS.`);
      }),
    );
}
