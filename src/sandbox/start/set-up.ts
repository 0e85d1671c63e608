import { connectSalesforce } from './connect-salesforce.js';
import type { DataFolder } from './data-folder.js';
import { Refused } from './http-json.js';
import { ensureMailChannel } from './mail-channel.js';
import { OrgClient } from './org-client.js';
import type { Stack } from './stack.js';
import { StartRefused } from './start-refused.js';
import { SyncApi } from './sync-api.js';
import { ensureTeam, type Team } from './team.js';
import { plural, type Terminal } from './terminal.js';

export interface Sandbox {
  stack: Stack;
  team: Team;
  org: OrgClient;
  sync: SyncApi;
}

/** From running servers to a team that is connected to its Salesforce, all of it over HTTP as anybody could. */
export async function setUp(stack: Stack, folder: DataFolder, terminal: Terminal): Promise<Sandbox> {
  const org = new OrgClient(stack.orgUrl);
  const [integrationUser, ...colleagues] = await org.users();
  if (!integrationUser) throw new StartRefused('The simulated org has no users.');

  terminal.passingLine('  The team …');
  const team = await ensureTeam(
    stack,
    folder,
    colleagues.filter((user) => user.isActive),
  );
  await ensureMailChannel(stack, team);
  const sync = new SyncApi(team.admin);
  terminal.done('Team', `an admin and ${plural(team.reps.length, 'rep')}${team.isNew ? '' : ', as before'}`);

  terminal.passingLine('  Connecting Salesforce …');
  const isConnected = (await sync.status()).connected;
  // The org may have had to take another port since: then the connection leads nowhere and is made anew.
  if (!isConnected || folder.state().connectedTo !== stack.orgUrl) {
    await connectSalesforce(team.admin, stack.orgUrl, integrationUser.id);
    folder.keepState({ connectedTo: stack.orgUrl });
    if (!(await sync.status()).connected) throw new StartRefused('Salesforce is not connected after the log-in.');
    await matchUsers(team);
    terminal.done(
      'Connected',
      `to Salesforce by its log-in page, as ${integrationUser.username}; users matched by email`,
    );
  } else {
    terminal.done('Connected', 'to Salesforce, as before');
  }
  return { stack, team, org, sync };
}

async function matchUsers(team: Team): Promise<void> {
  await team.admin.send('POST', '/v1/salesforce/users/match').catch((error: unknown) => {
    if (error instanceof Refused) throw new StartRefused(`The users could not be matched: ${error.detail}`);
    throw error;
  });
}
