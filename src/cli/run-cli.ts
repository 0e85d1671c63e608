import { Command } from 'commander';
import { registerAccountCommands } from '../accounts/accounts.commands.js';
import { EMAILS_AFTER_RESTORE } from '../command-center/emails/after-restore.js';
import { registerFolderCommands } from '../command-center/emails/folders.commands.js';
import { ConfigError } from '../config/config.js';
import type { Cli } from '../platform/cli/cli.js';
import { registerBackupCommands } from '../platform/backup/backup.commands.js';
import { registerDatabaseCommands } from '../platform/database/database.commands.js';
import { ProductError } from '../platform/errors/product-error.js';
import { StartError } from '../platform/errors/start-error.js';
import { registerSecretsCommands } from '../platform/secrets/secrets.commands.js';
import { AFTER_RESTORE } from '../salesforce/org-loop/after-restore.js';
import { registerTaskCommands } from '../salesforce/diagnostics/task.commands.js';

/** Runs one verb; each room brings its own. Returns the exit code. */
export async function runCli(args: readonly string[], cli: Cli): Promise<number> {
  const program = new Command('cli').description('The operator’s verbs of Command Center');
  registerDatabaseCommands(program, cli);
  registerBackupCommands(program, cli, [...AFTER_RESTORE, ...EMAILS_AFTER_RESTORE]);
  registerSecretsCommands(program, cli);
  registerAccountCommands(program, cli);
  registerFolderCommands(program, cli);
  registerTaskCommands(program, cli);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    console.error(describe(error));
    return 1;
  }
}

function describe(error: unknown): string {
  if (error instanceof ProductError) {
    return [error.message, ...error.fields.map(({ field, message }) => `  ${field} ${message}`)].join('\n');
  }
  if (error instanceof ConfigError || error instanceof StartError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
