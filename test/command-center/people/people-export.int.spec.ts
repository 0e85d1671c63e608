import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { bearer, type TestUser } from '../../support/app.js';
import { type Client, createWorld, newTeam, type Team, type World } from '../world.js';

let world: World;
let team: Team;
let rep: Client;
let mate: Client;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());
beforeEach(async () => {
  team = await newTeam(world);
  [rep, mate] = team.repClients as [Client, Client];
});

async function exported(by: TestUser | undefined, query = ''): Promise<Record<string, string>[]> {
  const { status, text, headers } = await world.app.http.get(`/v1/people-export${query}`).set(bearer(String(by?.key)));
  expect({ status, type: headers['content-type'] }).toEqual({
    status: 200,
    type: 'text/csv; charset=utf-8',
  });
  return parse(text, { columns: true, bom: true });
}

test('the people whom the caller sees, with the fields of the team', async () => {
  const custom = { industry: 'Shipping, "big"' };
  await rep.newPerson({ name: 'Own\nline', email: 'own@example.com', title: 'CFO', custom });
  await mate.newPerson({ name: 'Shared', shared: true });
  await mate.newPerson({ name: 'Hidden', custom: { hidden_field: 'x' } });
  const rows = await exported(team.reps[0]);
  expect(rows.map(({ name, 'custom.industry': industry }) => [name, industry])).toEqual([
    ['Own\nline', 'Shipping, "big"'],
    ['Shared', ''],
  ]);
  expect(Object.keys(rows[0] ?? {})).not.toContain('custom.hidden_field');
  expect(rows[0]).toMatchObject({ email: 'own@example.com', title: 'CFO', shared: 'false', unsubscribed_at: '' });
  expect((await exported(team.reps[0], '?q=shared')).map(({ name }) => name)).toEqual(['Shared']);
  expect(await exported((await newTeam(world)).admin)).toEqual([]);
});

test('only a group', async () => {
  const { id } = await rep.newPerson({ name: 'In' });
  await rep.newPerson({ name: 'Out' });
  const group = (await rep.send<{ id: string }>('post', '/v1/groups', { name: 'Fair' })).body;
  await rep.send('post', `/v1/groups/${group.id}/members`, { person_ids: [id] });
  expect((await exported(team.reps[0], `?group_id=${group.id}`)).map(({ name }) => name)).toEqual(['In']);
  expect(await mate.refusal('get', `/v1/people-export?group_id=${group.id}`)).toMatchObject({ status: 400 });
});

test('nothing that a spreadsheet would run', async () => {
  for (const name of ['=1+1', '+1', '-1', '@SUM(A1)', '\tx'.trim()]) await rep.newPerson({ name });
  const names = (await exported(team.reps[0])).map(({ name }) => name);
  expect(names).toEqual(["'+1", "'-1", "'=1+1", "'@SUM(A1)", 'x']);
});

test('all of many, over pages', async () => {
  await world.database.dataSource.query(
    `INSERT INTO people (team_id, id, name, owner_id) SELECT $1, gen_random_uuid(), 'Same', $2 FROM generate_series(1, 2500)`,
    [team.teamId, team.reps[0]?.userId],
  );
  const rows = await exported(team.reps[0]);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(2_500);
});
