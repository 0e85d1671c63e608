import type { DataFolder, Secrets } from './data-folder.js';
import { apiClient, type JsonClient, Refused } from './http-json.js';
import type { OrgUser } from './org-client.js';
import type { Stack } from './stack.js';
import { StartRefused } from './start-refused.js';

export interface Rep {
  userId: string;
  name: string;
  email: string;
  key: string;
  /** The same person in the org. */
  salesforceUserId: string;
}

export interface Team {
  id: string;
  adminId: string;
  adminKey: string;
  admin: JsonClient;
  reps: Rep[];
  /** Whether this start made it. */
  isNew: boolean;
}

interface UserView {
  id: string;
  name: string;
  email: string;
}

interface Me {
  team: { id: string };
  user: { id: string };
}

const TEAM_NAME = 'Northwind Sales';
const ADMIN = { email: 'admin@northwind.example', name: 'Robin Admin' };

/** The team of the sandbox: an admin, and the reps whom the org has, each with a key. What exists is found again. */
export async function ensureTeam(stack: Stack, folder: DataFolder, orgUsers: readonly OrgUser[]): Promise<Team> {
  const secrets = folder.secrets();
  const isNew = secrets.team === undefined;
  const { adminKey } = (secrets.team ??= await makeTeam(stack, folder));
  folder.keepSecrets(secrets);
  const admin = apiClient(stack.apiUrl, adminKey);
  const me = await admin.get<Me>('/v1/me').catch((error: unknown) => {
    if (!(error instanceof Refused) || error.status !== 401) throw error;
    throw new StartRefused(
      'The kept admin key no longer works. npm start -- --reset forgets this sandbox and begins anew.',
    );
  });
  const reps = await ensureReps(admin, folder, secrets, orgUsers);
  return { id: me.team.id, adminId: me.user.id, adminKey, admin, reps, isNew };
}

async function makeTeam(stack: Stack, folder: DataFolder): Promise<{ id: string; adminKey: string }> {
  const kept = folder.state().teamAsked ? await teamOfKilledStart(stack) : undefined;
  if (kept) {
    const args = ['key', 'create', '--team', kept.id, '--user', ADMIN.email, '--name', 'Sandbox', '--json'];
    const { key } = JSON.parse(await stack.cli(args)) as { key: string };
    return { id: kept.id, adminKey: key };
  }
  folder.keepState({ teamAsked: true });
  const args = [
    'team',
    'create',
    '--name',
    TEAM_NAME,
    '--admin-email',
    ADMIN.email,
    '--admin-name',
    ADMIN.name,
    '--json',
  ];
  const made = JSON.parse(await stack.cli(args)) as { team_id: string; key: string };
  return { id: made.team_id, adminKey: made.key };
}

/** A start that was killed right after making the team did not keep its key: the team gets a further one. */
async function teamOfKilledStart(stack: Stack): Promise<{ id: string; name: string } | undefined> {
  const teams = JSON.parse(await stack.cli(['team', 'list', '--json'])) as { id: string; name: string }[];
  return teams.find((team) => team.name === TEAM_NAME);
}

async function ensureReps(
  admin: JsonClient,
  folder: DataFolder,
  secrets: Secrets,
  orgUsers: readonly OrgUser[],
): Promise<Rep[]> {
  const { data: present } = await admin.get<{ data: UserView[] }>('/v1/users?limit=200');
  const byEmail = new Map(present.map((user) => [user.email, user]));
  const reps: Rep[] = [];
  for (const { id: salesforceUserId, name, email, timeZone } of orgUsers) {
    const user =
      byEmail.get(email) ?? (await admin.send<UserView>('POST', '/v1/users', { name, email, time_zone: timeZone }));
    let key = secrets.repKeys[email];
    if (key === undefined) {
      const body = { name: 'Sandbox', user_id: user.id };
      ({ key } = await admin.send<{ key: string }>('POST', '/v1/api-keys', body));
      secrets.repKeys[email] = key;
      folder.keepSecrets(secrets);
    }
    reps.push({ userId: user.id, name, email, key, salesforceUserId });
  }
  return reps;
}
