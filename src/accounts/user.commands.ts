import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import { Config } from '../config/config.js';
import type { Cli } from '../platform/cli/cli.js';
import { Transactions } from '../platform/database/transactions.js';
import { ProductError } from '../platform/errors/product-error.js';
import { isUuid } from '../platform/http/uuid-param.js';
import { Audit } from './audit/audit.js';
import { AccountTokens } from './sessions/account-tokens.service.js';
import { UsersService } from './users.service.js';

const MINUTE_MS = 60_000;

export function registerUserCommands(program: Command, cli: Cli): void {
  const user = program.command('user').description('users');
  user
    .command('sign-in-link')
    .description('make a link that signs a user in: for an admin who cannot get in any other way')
    .requiredOption('--team <id>', 'id of the team')
    .requiredOption('--user <id or email>', 'whom it signs in')
    .option('--minutes <n>', 'how long it works', '15')
    .option('--uses <n>', 'how often it works', '1')
    .option('--json', 'print JSON')
    .action((options: SignInLinkOptions) => cli.withApp((app) => makeSignInLink(app, cli, options)));
}

interface SignInLinkOptions {
  team: string;
  user: string;
  minutes: string;
  uses: string;
  json?: boolean;
}

async function makeSignInLink(app: INestApplicationContext, cli: Cli, options: SignInLinkOptions): Promise<void> {
  const teamId = isUuid(options.team) ? options.team.toLowerCase() : notFound('team');
  const minutes = wholeNumber('--minutes', options.minutes);
  const uses = wholeNumber('--uses', options.uses);
  const userId = await findUser(app, teamId, options.user);
  const { active } = await app.get(UsersService).get(teamId, userId);
  if (!active) throw new ProductError('conflict', 'This user is not active: a link would open nothing.');
  const token = await app.get(Transactions).run(async (tx) => {
    const details = { minutes, uses };
    const target = { type: 'user', id: userId };
    await app.get(Audit).record(tx, { teamId, actor: 'operator', action: 'user.sign_in_link_made', target, details });
    return app.get(AccountTokens).issue(tx, { teamId, userId, purpose: 'sign_in', validMs: minutes * MINUTE_MS, uses });
  });
  // After the #, so that no server and no proxy on the way writes it into a log.
  const link = `${app.get(Config).publicUrl}/sign-in/link#${token}`;
  cli.print(options.json ? JSON.stringify({ user_id: userId, link }) : `${link}\nIt works for ${minutes} minutes.`);
}

export async function findUser(app: INestApplicationContext, teamId: string, idOrEmail: string): Promise<string> {
  const users = app.get(UsersService);
  if (isUuid(idOrEmail)) return (await users.get(teamId, idOrEmail)).id;
  return (await users.findByEmail(teamId, idOrEmail))?.id ?? notFound('user');
}

function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new ProductError('invalid_input', `${option} must be a whole number from 1 to 999999.`);
}

function notFound(what: string): never {
  throw new ProductError('not_found', `There is no such ${what}.`);
}
