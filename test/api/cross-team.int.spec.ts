import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer } from '../support/app.js';
import { operations, type Operation } from '../support/api-contract/document.js';
import { SyncWorld } from '../support/sync-world.js';
import { rowsOfTeam } from '../support/team-rows.js';
import { audited } from './audited.js';
import { type Case, cases, type Input } from './cross-team-cases.js';
import { Theirs } from './theirs.js';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** What is noted beside the request: the use of keys, and of an org's calls. */
const OF_USE = /^(api_keys|salesforce_org_states|salesforce_api_calls)$/;

let world: SyncWorld;
let other: SyncWorld;
let theirs: Theirs;
let teamKey: string;

beforeAll(async () => {
  world = await SyncWorld.create({ reps: 2, env: { SALESFORCE_CLIENT_ID: 'app', SALESFORCE_CLIENT_SECRET: 'secret' } });
  other = await world.secondTeam({ reps: 1 });
  theirs = new Theirs(world);
  await world.enrol();
  await other.enrol();
  await theirs.syncedTask();
  await Promise.all([theirs.person(), theirs.key(), other.createHere({ name: 'Ours' })]);
  const { scopes } = await other.call<{ scopes: string[] }>('GET', '/v1/me');
  teamKey = (await other.call<{ key: string }>('POST', '/v1/api-keys', { name: 'of the team', scopes })).key;
});
afterAll(async () => {
  await other.close();
  await world.close();
});

interface Seen {
  status: number;
  text: string;
}

async function send({ method, path }: Operation, input: Input, key: string): Promise<Seen> {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = input.path?.[name];
    if (value === undefined) throw new Error(`test/api/cross-team-cases.ts: ${path} lacks its ${name}`);
    return value;
  });
  const request = world.test.http[method](filled)
    .query(input.query ?? {})
    .set({ ...bearer(key), ...input.headers });
  const response = await (input.body ? request.send(input.body) : request);
  // A file has no text.
  return { status: response.status, text: response.text ?? String(response.body) };
}

async function theirRows(): Promise<Record<string, string[]>> {
  const rows = await rowsOfTeam(world.database.dataSource, world.team.teamId);
  return Object.fromEntries(Object.entries(rows).filter(([table]) => !OF_USE.test(table)));
}

/** The request of another team: nothing of theirs changes, and nothing of theirs is told that was not sent. */
async function asOthers(operation: Operation, input: Input, key: string, how = send): Promise<Seen> {
  const before = await theirRows();
  const seen = await how(operation, input, key);
  expect(await theirRows()).toEqual(before);
  const sent = JSON.stringify(input);
  const all = JSON.stringify(before);
  const foreign = (seen.text.match(UUID) ?? []).filter((id) => all.includes(id) && !sent.includes(id));
  expect({ status: seen.status, foreign }).toEqual({ status: seen.status, foreign: [] });
  return seen;
}

const isDone = expect.stringMatching(/^2\d\d /) as unknown as string;
const lineOf = ({ status, text }: Seen) => `${status} ${text.slice(0, 300)}`;

const acts = async (): Promise<{ id: string; action: string }[]> =>
  world.database.dataSource.query('SELECT id, action FROM audit_entries');

/** By an admin, to what is theirs or their team's: it is done, and the audit log says so. */
async function done(operation: Operation, input: Input, key: string): Promise<Seen> {
  const before = new Set((await acts()).map(({ id }) => id));
  const seen = await send(operation, input, key);
  expect(lineOf(seen)).toEqual(isDone);
  const says = audited[operation.key];
  if (typeof says === 'string') {
    expect((await acts()).filter(({ id }) => !before.has(id)).map(({ action }) => action)).toContain(says);
  }
  return seen;
}

async function check(operation: Operation, one: Case): Promise<void> {
  const ours = other.team.admin.key;
  switch (one.kind) {
    case 'none':
      return;
    case 'own': {
      const key = personal(operation) ? (other.reps[0]?.key ?? '') : ours;
      const seen = await asOthers(operation, one.make(theirs), key, one.refused ? send : done);
      if (one.refused) expect(seen.status).toBe(one.refused);
      return;
    }
    case 'list': {
      const shown = await send(operation, await one.show(theirs), theirs.admin.key);
      expect(lineOf(shown)).toEqual(isDone);
      const ids = shown.text.match(UUID) ?? [];
      if (!one.empty) expect(`${ids.length} ids`).not.toBe('0 ids');
      expect(lineOf(await asOthers(operation, {}, ours))).toEqual(isDone);
      for (const query of one.queries) await asOthers(operation, await query(theirs), ours);
      return;
    }
    case 'each': {
      const input = await one.make(theirs);
      for (const key of [ours, teamKey]) await asOthers(operation, input, key);
      await done(operation, input, theirs.admin.key);
      return;
    }
    case 'reference': {
      for (const make of one.makes) {
        const input = await make(theirs);
        expect(lineOf(await asOthers(operation, input, ours))).toMatch(/^400 /);
        // A team's key may be refused for being nobody, too.
        expect(lineOf(await asOthers(operation, input, teamKey))).toMatch(/^40[03] /);
        await done(operation, input, theirs.admin.key);
      }
      return;
    }
    case 'one': {
      const input = await one.make(theirs);
      expect(lineOf(await asOthers(operation, input, ours))).toMatch(/^404 /);
      const nobody = one.personal ? /^403 / : /^404 /;
      expect(lineOf(await asOthers(operation, input, teamKey))).toMatch(nobody);
      if (!one.shared) {
        const status = operation['x-access']?.role === 'admin' ? 403 : 404;
        expect(lineOf(await send(operation, input, theirs.bob.key))).toMatch(new RegExp(`^${status} `));
      }
      await done(operation, input, theirs.admin.key);
    }
  }
}

/** "My …": a rep's, as reps call it. */
function personal({ path, key }: Operation): boolean {
  return path.endsWith('/me') && key !== 'PATCH /v1/me';
}

describe('another team', () => {
  it('is asked about on every route', () => {
    const advice = 'say in test/api/cross-team-cases.ts what a request to it names that may be another team’s';
    const missing = operations.filter(({ key }) => !cases[key]).map(({ key }) => `${key} is new: ${advice}`);
    expect(missing).toEqual([]);
    const known = new Set(operations.map(({ key }) => key));
    const gone = Object.keys(cases).filter((key) => !known.has(key));
    expect(gone.map((key) => `${key} is gone: take it out of test/api/cross-team-cases.ts`)).toEqual([]);
  });

  it('cannot be acted on unseen: the audit log names every act that only admins may do', () => {
    const admins = operations.filter(({ method, ...of }) => method !== 'get' && of['x-access']?.role === 'admin');
    const missing = admins
      .filter(({ key }) => !audited[key])
      .map(({ key }) => `${key}: say in test/api/audited.ts what the log says of it`);
    expect(missing).toEqual([]);
    const known = new Set(operations.map(({ key }) => key));
    expect(Object.keys(audited).filter((key) => !known.has(key))).toEqual([]);
  });

  const listed = operations.filter(({ key }) => cases[key]);
  // What ends a connection comes last: the other routes need it.
  const last = (key: string) => Number(key === 'DELETE /v1/salesforce/connection');
  const inOrder = [...listed].sort((a, b) => last(a.key) - last(b.key));
  it.each(inOrder.map((operation) => [operation.key, operation] as const))('%s', async (key, operation) => {
    await check(operation, cases[key] as Case);
  });
});
