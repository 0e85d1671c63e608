import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { PeopleDirectory } from '../../../src/command-center/people/people-directory.js';
import { PeopleFacts } from '../../../src/command-center/people/people-facts.js';
import type { PeoplePage, PersonView } from '../../../src/command-center/people/people.dto.js';
import { Quiescence } from '../../../src/platform/pipelines/quiescence.js';
import { SealedColumns } from '../../../src/platform/secrets/sealed-columns.js';
import { bearer, createTestApp } from '../../support/app.js';
import { Client, createWorld, inTransaction, newTeam, type Team, type World } from '../world.js';

const EMAIL = 'zanzibar@example.com';

let world: World;
let team: Team;
let admin: Client;
let rep: Client;
let since: string;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());
beforeEach(async () => {
  team = await newTeam(world);
  admin = team.adminClient;
  [rep] = team.repClients as [Client];
  since = world.clock.now().toISOString();
});

const unsubscribe = (id: string) => rep.send('post', `/v1/people/${id}/unsubscribe`, {});
const erase = (id: string, confirm = 'Zanzibar') => admin.send('post', `/v1/people/${id}/erase`, { confirm });

/** Somebody was here, unsubscribed, and was erased; the clock goes on. */
async function erasedAfterUnsubscribing(email = EMAIL): Promise<void> {
  const { id } = await rep.newPerson({ name: 'Zanzibar', email });
  await unsubscribe(id);
  expect(await erase(id)).toMatchObject({ status: 200 });
  world.clock.advance(60_000);
}

async function suppressedAmong(addresses: readonly string[]): Promise<string[]> {
  const facts = world.app.app.get(PeopleFacts);
  const found = await inTransaction(world, (tx) => facts.suppressed(tx, team.teamId, addresses));
  return [...found].filter(([, { unsubscribed }]) => unsubscribed).map(([address]) => address);
}

async function imports(text: string): Promise<void> {
  const headers = { ...bearer(String(team.reps[0]?.key)), 'Content-Type': 'text/csv' };
  const { id } = (await world.app.http.post('/v1/people-imports').set(headers).send(text)).body as { id: string };
  await rep.send('post', `/v1/people-imports/${id}/start`, { columns: { Name: 'name', Mail: 'email' } });
  await world.app.app.get(Quiescence).drainAllDue();
}

describe('the unsubscribe of an erased person', () => {
  test('holds when the address is added again by hand, until an admin takes it back', async () => {
    await erasedAfterUnsubscribing();
    const again = await rep.newPerson({ name: 'Z', email: 'ZANZIBAR@example.com' });
    expect(again).toMatchObject({ unsubscribed_at: since });
    const back = await admin.send('post', `/v1/people/${again.id}/resubscribe`, { reason: 'asked on the phone' });
    expect(back).toMatchObject({ status: 200, body: { unsubscribed_at: null } });
    await erase(again.id, 'Z');
    expect(await rep.newPerson({ name: 'Z', email: EMAIL })).toMatchObject({ unsubscribed_at: null });
  });

  test('holds for an import, beside rows of others', async () => {
    await erasedAfterUnsubscribing();
    await imports(`Name,Mail\nZ,${EMAIL}\nElse,else@example.com\nNobody,\n`);
    const { data } = await rep.get<PeoplePage>('/v1/people');
    const standing = data.map(({ name, unsubscribed_at: at }) => [name, at]);
    expect(standing).toEqual([
      ...[
        ['Else', null],
        ['Nobody', null],
      ],
      ['Z', since],
    ]);
  });

  test('holds for a record of Salesforce', async () => {
    await erasedAfterUnsubscribing();
    const record = { salesforceId: '0035g00000abcdeAAA', kind: 'contact' as const, name: 'Z', email: EMAIL };
    const directory = world.app.app.get(PeopleDirectory);
    await inTransaction(world, (tx) => directory.ensure(tx, team.teamId, [record], world.clock.now()));
    expect((await admin.get<PeoplePage>('/v1/people')).data).toMatchObject([{ unsubscribed_at: since }]);
  });

  test('holds for whoever gets the address, as the main one or another', async () => {
    await erasedAfterUnsubscribing();
    const main = await rep.newPerson({ name: 'Main', email: 'main@example.com' });
    const changed = await rep.send('patch', `/v1/people/${main.id}`, { email: EMAIL }, { 'If-Match': '*' });
    expect(changed).toMatchObject({ status: 200, body: { unsubscribed_at: since } });

    await erasedAfterUnsubscribing('other@example.com');
    const other = await rep.newPerson({ name: 'Other' });
    const added = await rep.send('put', `/v1/people/${other.id}/addresses/other@example.com`);
    expect(added).toMatchObject({ status: 200, body: { unsubscribed_at: world.clock.now().toISOString() } });
  });

  test('holds for copies, to whom no person belongs', async () => {
    await erasedAfterUnsubscribing();
    expect(await suppressedAmong(['else@example.com', EMAIL])).toEqual([EMAIL]);
  });

  test('holds for every address that they had, and those before', async () => {
    const { id } = await rep.newPerson({ name: 'Zanzibar', email: 'former@example.com' });
    await rep.send('put', `/v1/people/${id}/addresses/other@example.com`);
    await unsubscribe(id);
    await rep.send('delete', `/v1/people/${id}`);
    const { id: next } = await rep.newPerson({ name: 'Zanzibar', email: 'former@example.com' });
    await rep.send('put', `/v1/people/${next}/addresses/other@example.com`);
    await erase(next);
    expect(await suppressedAmong(['former@example.com', 'other@example.com'])).toHaveLength(2);
  });

  test('keeps no address that could be read, and none that a guess without the key would find', async () => {
    await erasedAfterUnsubscribing();
    const rows: { digest: Buffer }[] = await world.database.dataSource.query(
      'SELECT digest FROM erased_unsubscribes WHERE team_id = $1',
      [team.teamId],
    );
    expect(rows.map(({ digest }) => digest.length)).toEqual([32]);
    const clear = 'SELECT 1 FROM unsubscribed_addresses WHERE team_id = $1';
    expect(await world.database.dataSource.query(clear, [team.teamId])).toEqual([]);

    // The same address of another team has another digest.
    const before = team;
    team = await newTeam(world);
    [admin, rep] = [team.adminClient, team.repClients[0] as Client];
    expect(await suppressedAmong([EMAIL])).toEqual([]);
    await erasedAfterUnsubscribing();
    const digests = 'SELECT DISTINCT digest FROM erased_unsubscribes WHERE team_id = ANY($1::uuid[])';
    const both = await world.database.dataSource.query(digests, [[before.teamId, team.teamId]]);
    expect(both).toHaveLength(2);
  });

  test('is not made of nothing: who was erased without one may come back', async () => {
    await erasedAfterUnsubscribing();
    const { id } = await rep.newPerson({ name: 'Zanzibar', email: 'willing@example.com' });
    await erase(id);
    expect(await rep.newPerson({ name: 'Z', email: 'willing@example.com' })).toMatchObject({ unsubscribed_at: null });
  });

  test('leaves that of somebody living who has the address of a deleted person that is erased', async () => {
    const { id } = await rep.newPerson({ name: 'Zanzibar', email: EMAIL });
    await unsubscribe(id);
    await rep.send('delete', `/v1/people/${id}`);
    const living = await rep.newPerson({ name: 'Living', email: EMAIL });
    await erase(id);
    expect(await rep.get<PersonView>(`/v1/people/${living.id}`)).toMatchObject({ unsubscribed_at: since });
  });

  test('outlives the key of the installation, once the secrets were sealed anew', async () => {
    await erasedAfterUnsubscribing();
    const { database, clock } = world;
    const old = `test:${Buffer.alloc(32, 7).toString('base64')}`;
    const fresh = `new:${Buffer.alloc(32, 9).toString('base64')}`;
    const both = await createTestApp({ database, clock, env: { ENCRYPTION_KEYS: `${fresh},${old}` } });
    // Back under the old one at once: the other tests have no other.
    const back = await createTestApp({ database, clock, env: { ENCRYPTION_KEYS: `${old},${fresh}` } });
    expect(await both.app.get(SealedColumns).rotate()).toBeGreaterThan(0);
    await both.close();
    const app = await createTestApp({ database, clock, env: { ENCRYPTION_KEYS: fresh } });
    const again = await new Client(app, String(team.reps[0]?.key)).newPerson({ name: 'Z', email: EMAIL });
    expect(again).toMatchObject({ unsubscribed_at: since });
    await app.close();
    expect(await back.app.get(SealedColumns).rotate()).toBeGreaterThan(0);
    await back.close();
  });

  test('holds for an address that comes in while the person is being erased', async () => {
    const { id } = await rep.newPerson({ name: 'Zanzibar', email: EMAIL });
    await unsubscribe(id);
    await rep.send('delete', `/v1/people/${id}`);
    const [, made] = await Promise.all([erase(id), rep.newPerson({ name: 'Z', email: EMAIL })]);
    expect(await rep.get<PersonView>(`/v1/people/${made.id}`)).toMatchObject({ unsubscribed_at: since });
  });
});
