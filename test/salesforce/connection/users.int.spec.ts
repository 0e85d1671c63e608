import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ConnectionEvents, type MatchChange } from '../../../src/salesforce/connection/connection-events.js';
import type { TestTeam } from '../../support/app.js';
import { ConnectionWorld, type ControlUser } from './world.js';

let world: ConnectionWorld;
let team: TestTeam;
let salespeople: ControlUser[];
const changes: Omit<MatchChange, 'teamId'>[] = [];
let veto: Error | undefined;

beforeAll(async () => {
  world = await ConnectionWorld.create();
  world.app.get(ConnectionEvents).register({
    onMatchChanged: (_tx, { userId, before, after }) => {
      changes.push({ userId, before, after });
      return veto ? Promise.reject(veto) : Promise.resolve();
    },
  });
  salespeople = world.org.users.filter(({ isActive }) => isActive).slice(1);
});
afterAll(() => world.close());

beforeEach(async () => {
  await world.org.control('DELETE', 'faults');
  await world.empty('teams');
  team = await world.makeTeam();
  await world.connect(team);
  changes.length = 0;
  veto = undefined;
});

const rep = (n: number) => team.reps[n]?.userId ?? '';
const person = (n: number): ControlUser => {
  const found = salespeople[n];
  if (!found) throw new Error(`The org has no person ${n}.`);
  return found;
};
const setEmail = (userId: string, email: string) =>
  world.database.dataSource.query('UPDATE users SET email = lower($2) WHERE id = $1', [userId, email]);
const run = async () => {
  const response = await world.as(team, 'POST', '/v1/salesforce/users/match');
  expect(response.status).toBe(200);
  return (response.body as { data: Record<string, unknown>[] }).data;
};
const choose = (userId: string, salesforceUserId: string) =>
  world.as(team, 'PUT', `/v1/salesforce/users/${userId}/match`, { salesforce_user_id: salesforceUserId });

describe('matching', () => {
  it('finds ours among the active users of the org, and says how', async () => {
    await setEmail(rep(0), person(0).username);
    await setEmail(rep(1), person(1).email);
    const [admin, first, second] = await run();
    expect(admin).toMatchObject({ outcome: 'none', matched_by: null, salesforce_user: null, candidates: [] });
    expect(first).toMatchObject({ user_id: rep(0), outcome: 'matched', matched_by: 'username' });
    expect(first?.['salesforce_user']).toMatchObject({ id: person(0).id, username: person(0).username });
    expect(second).toMatchObject({ user_id: rep(1), outcome: 'matched' });
    expect(second?.['reason']).toEqual(expect.stringMatching(/^The email address here is the .* there\.$/));
    expect(changes.map(({ after }) => after)).toEqual([person(0).id, person(1).id]);
    // Again: nothing changes.
    expect((await run()).map(({ outcome }) => outcome)).toEqual(['none', 'kept', 'kept']);
    expect(changes).toHaveLength(2);
  });

  it('leaves out deactivated users of the org', async () => {
    const inactive = world.org.users.find(({ isActive }) => !isActive);
    await setEmail(rep(0), inactive?.username ?? '');
    expect((await run())[1]).toMatchObject({ outcome: 'none' });
  });

  it('lists the org’s users, each with ours', async () => {
    await choose(rep(0), person(3).id);
    const { body } = await world.as(team, 'GET', '/v1/salesforce/users');
    const { data } = body as {
      data: { id: string; name: string; user_id: string | null; matched_by: string | null }[];
    };
    expect(data).toHaveLength(salespeople.length + 1);
    expect(data.filter(({ user_id }) => user_id !== null)).toMatchObject([
      { id: person(3).id, user_id: rep(0), matched_by: 'admin' },
    ]);
    const names = data.map(({ name }) => name);
    expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'en')));
  });
});

describe('an admin’s choice', () => {
  it('stands against what matching would find, with an id of 15 characters too', async () => {
    await setEmail(rep(0), person(0).username);
    await run();
    const response = await choose(rep(0), person(4).id.slice(0, 15));
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({
      user_id: rep(0),
      salesforce_user: { id: person(4).id },
      matched_by: 'admin',
    });
    expect(changes.at(-1)).toEqual({ userId: rep(0), before: person(0).id, after: person(4).id });
    expect((await run())[1]).toMatchObject({ outcome: 'kept', matched_by: 'admin' });
  });

  it('cannot give one Salesforce user to two of ours', async () => {
    await choose(rep(0), person(0).id);
    const response = await choose(rep(1), person(0).id);
    expect(response.status).toBe(409);
    expect((response.body as { detail: string }).detail).toContain('is matched with Rep 1');
  });

  it.each([
    ['no id', "005' OR Id != ''"],
    ['a record that is no user', '00T000000000001'],
    ['a user that does not exist', '005000000000ZZZ'],
  ])('is refused for %s', async (_name, id) => {
    const response = await choose(rep(0), id);
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject({ code: 'invalid_input', errors: [{ field: 'salesforce_user_id' }] });
  });

  it('is refused for a deactivated user, and for somebody of another team', async () => {
    const inactive = world.org.users.find(({ isActive }) => !isActive);
    expect((await choose(rep(0), inactive?.id ?? '')).status).toBe(400);
    const other = await world.makeTeam('Other');
    expect((await choose(other.admin.userId, person(0).id)).status).toBe(404);
  });

  it('can be vetoed by who depends on the match', async () => {
    await choose(rep(0), person(0).id);
    veto = new Error('somebody syncs');
    expect((await choose(rep(0), person(1).id)).status).toBe(500);
    const rows: unknown[] = await world.database.dataSource.query(
      'SELECT salesforce_user_id FROM salesforce_user_matches',
    );
    expect(rows).toEqual([{ salesforce_user_id: person(0).id }]);
  });

  it('can be taken back', async () => {
    await choose(rep(0), person(0).id);
    const remove = () => world.as(team, 'DELETE', `/v1/salesforce/users/${rep(0)}/match`);
    expect((await remove()).status).toBe(204);
    expect(changes.at(-1)).toEqual({ userId: rep(0), before: person(0).id, after: null });
    expect((await remove()).status).toBe(404);
  });
});

describe('when Salesforce fails', () => {
  it('says so in our words', async () => {
    await world.org.fault({ match: { path: '/query' }, times: null, effect: { limit: 'daily' } });
    const limited = await world.as(team, 'GET', '/v1/salesforce/users');
    expect([limited.status, limited.body]).toMatchObject([503, { code: 'salesforce_unavailable' }]);
    expect((limited.body as { detail: string }).detail).toContain('used up its API calls');
    await world.as(team, 'DELETE', '/v1/salesforce/connection');
    const gone = await world.as(team, 'GET', '/v1/salesforce/users');
    expect([gone.status, gone.body]).toMatchObject([409, { code: 'salesforce_not_connected' }]);
  });
});
