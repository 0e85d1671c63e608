import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import type { Cli } from '../platform/cli/cli.js';
import { isTimeZone } from '../platform/clock/local-date.js';
import { ProductError } from '../platform/errors/product-error.js';
import { isUuid } from '../platform/http/uuid-param.js';
import { type Scope, SCOPES } from './access.js';
import { ApiKeysService } from './api-keys.service.js';
import { TeamDeletionService } from './team-deletion.service.js';
import { TeamsService } from './teams.service.js';
import { findUser, registerUserCommands } from './user.commands.js';

export function registerAccountCommands(program: Command, cli: Cli): void {
  const team = program.command('team').description('teams');
  team
    .command('create')
    .description('make a team with its first admin and a key for that admin')
    .requiredOption('--name <name>', 'name of the team')
    .requiredOption('--admin-email <email>', 'email address of its first admin')
    .requiredOption('--admin-name <name>', 'name of its first admin')
    .option('--time-zone <zone>', 'time zone of the admin, e.g. Europe/Berlin', 'UTC')
    .option('--json', 'print JSON')
    .action((options: TeamCreateOptions) => cli.withApp((app) => createTeam(app, cli, options)));
  team
    .command('list')
    .description('list the teams')
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }) => cli.withApp((app) => listTeams(app, cli, options)));
  team
    .command('delete')
    .description('delete a team for good; Salesforce keeps its Tasks as they are')
    .requiredOption('--team <id>', 'id of the team')
    .requiredOption('--name <name>', 'its exact name, as the confirmation')
    .option('--json', 'print JSON')
    .action((options: TeamDeleteOptions) => cli.withApp((app) => deleteTeam(app, cli, options)));

  registerUserCommands(program, cli);

  const key = program.command('key').description('API keys');
  key
    .command('create')
    .description('make a key of a user, or of the team with scopes')
    .requiredOption('--team <id>', 'id of the team')
    .option('--user <id or email>', 'the user whose rights it has')
    .option('--scopes <list>', `what a key of the team may do, separated by commas: ${SCOPES.join(', ')}`)
    .option('--name <name>', 'what it is for', 'Made on the command line')
    .option('--json', 'print JSON')
    .action((options: KeyCreateOptions) => cli.withApp((app) => createKey(app, cli, options)));
}

interface TeamCreateOptions {
  name: string;
  adminEmail: string;
  adminName: string;
  timeZone: string;
  json?: boolean;
}

async function createTeam(app: INestApplicationContext, cli: Cli, options: TeamCreateOptions): Promise<void> {
  const { timeZone } = options;
  const name = requireText('--name', options.name);
  const adminName = requireText('--admin-name', options.adminName);
  const email = requireText('--admin-email', options.adminEmail).toLowerCase();
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new ProductError('invalid_input', `${email} is not an email address.`);
  if (!isTimeZone(timeZone)) throw new ProductError('invalid_input', `${timeZone} is not the name of a time zone.`);
  const made = await app.get(TeamsService).create({ name, admin: { email, name: adminName, timeZone } });
  const { team, admin, key } = made;
  if (options.json) {
    cli.print(JSON.stringify({ team_id: team.id, user_id: admin.id, key }));
    return;
  }
  cli.print(`Team   ${team.id}  ${team.name}`);
  cli.print(`Admin  ${admin.id}  ${admin.email}`);
  cli.print(`Key    ${key}`);
  cli.print('The key is shown this once. Send it as "Authorization: Bearer <key>".');
}

async function listTeams(app: INestApplicationContext, cli: Cli, options: { json?: boolean }): Promise<void> {
  const teams = await app.get(TeamsService).list();
  if (options.json) cli.print(JSON.stringify(teams.map(({ id, name }) => ({ id, name }))));
  else if (teams.length === 0) cli.print('There is no team yet: make one with team create.');
  else for (const { id, name } of teams) cli.print(`${id}  ${name}`);
}

interface TeamDeleteOptions {
  team: string;
  name: string;
  json?: boolean;
}

async function deleteTeam(app: INestApplicationContext, cli: Cli, options: TeamDeleteOptions): Promise<void> {
  const teamId = isUuid(options.team) ? options.team.toLowerCase() : notFound('team');
  const { id, name, deletedAt } = await app.get(TeamDeletionService).delete(teamId, options.name, 'operator');
  if (options.json) return cli.print(JSON.stringify({ team_id: id, name, deleted_at: deletedAt }));
  cli.print(`The team ${name} is deleted: no key of it works, and nothing syncs any more.`);
  cli.print('A worker now removes its rows. Salesforce keeps its Tasks as they are.');
}

interface KeyCreateOptions {
  team: string;
  user?: string;
  scopes?: string;
  name: string;
  json?: boolean;
}

async function createKey(app: INestApplicationContext, cli: Cli, options: KeyCreateOptions): Promise<void> {
  if ((options.user === undefined) === (options.scopes === undefined)) {
    throw new ProductError('invalid_input', 'Give either --user or --scopes.');
  }
  const { id: teamId } = await app.get(TeamsService).get(isUuid(options.team) ? options.team : notFound('team'));
  const userId = options.user === undefined ? null : await findUser(app, teamId, options.user);
  const scopes = options.scopes === undefined ? [] : parseScopes(options.scopes);
  const { key, text } = await app
    .get(ApiKeysService)
    .create(teamId, { name: options.name, userId, scopes }, 'operator');
  if (options.json) cli.print(JSON.stringify({ id: key.id, team_id: teamId, user_id: userId, scopes, key: text }));
  else cli.print(`Key    ${text}\nIt is shown this once.`);
}

function parseScopes(list: string): Scope[] {
  const names = new Set(list.split(',').map((name) => name.trim()));
  return [...names].map((name) => {
    const scope = SCOPES.find((known) => known === name);
    if (scope) return scope;
    throw new ProductError('invalid_input', `"${name}" is not a scope. The scopes are ${SCOPES.join(', ')}.`);
  });
}

function requireText(option: string, value: string): string {
  const text = value.trim();
  if (text === '') throw new ProductError('invalid_input', `${option} is empty.`);
  return text;
}

function notFound(what: string): never {
  throw new ProductError('not_found', `There is no such ${what}.`);
}
