import type { Command } from 'commander';
import type { Cli } from '../../platform/cli/cli.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { FolderCounts } from './folder-counts.js';

export function registerFolderCommands(program: Command, cli: Cli): void {
  program
    .command('folders')
    .description('the folders of the emails')
    .command('verify')
    .description('count the emails of every folder anew and compare; fails when a count is wrong')
    .action(() =>
      cli.withApp(async (app) => {
        const wrong = await app.get(FolderCounts, { strict: false }).verify(app.get(Transactions, { strict: false }));
        for (const { teamId, userId, folder, counted, real } of wrong) {
          cli.print(`team ${teamId} user ${userId} ${folder}: counted ${counted}, there are ${real}`);
        }
        if (wrong.length > 0) throw new ProductError('conflict', `${wrong.length} counts of folders are wrong.`);
        cli.print('The counts of all folders are right.');
      }),
    );
}
