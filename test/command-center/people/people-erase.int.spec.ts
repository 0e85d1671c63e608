import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Erasure } from '../../../src/command-center/people/erase/people-erase.dto.js';
import type { PeopleImportView } from '../../../src/command-center/people/imports/people-imports.dto.js';
import { Quiescence } from '../../../src/platform/pipelines/quiescence.js';
import { bearer } from '../../support/app.js';
import { type Client, createWorld, newTeam, type ProblemBody, type Team, type World } from '../world.js';

let world: World;
let team: Team;
let admin: Client;
let rep: Client;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());
beforeEach(async () => {
  team = await newTeam(world);
  admin = team.adminClient;
  [rep] = team.repClients as [Client];
});

const erase = (client: Client, id: string, confirm: string) =>
  client.send<Erasure & ProblemBody>('post', `/v1/people/${id}/erase`, { confirm });
const unsubscribe = (id: string) => admin.send('post', `/v1/people/${id}/unsubscribe`, { reason: 'Zanzibar said so' });

/** Every table with rows of the team in which a text stands, whatever the column. */
async function tablesWith(text: string): Promise<string[]> {
  const { dataSource } = world.database;
  const tables: { name: string }[] = await dataSource.query(
    `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'team_id'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const sql = `SELECT 1 FROM "${name}" t WHERE team_id = $1 AND position($2 in lower(t::text)) > 0 LIMIT 1`;
    if ((await dataSource.query(sql, [team.teamId, text])).length > 0) found.push(name);
  }
  return found.sort();
}

async function upload(text: string): Promise<string> {
  const headers = { ...bearer(String(team.reps[0]?.key)), 'Content-Type': 'text/csv' };
  const answer = await world.app.http.post('/v1/people-imports').set(headers).send(text);
  return (answer.body as { id: string }).id;
}

const startImport = (id: string) =>
  rep.send('post', `/v1/people-imports/${id}/start`, { columns: { Name: 'name', Mail: 'email' } });

describe('erasing a person', () => {
  test('leaves nothing of them in any table, and counts', async () => {
    await rep.send('post', '/v1/people', { name: 'Somebody else', email: 'else@example.com' });
    const file = await upload('Name,Mail,Other\nZanzibar,zanzibar@example.com,\nElse,else@example.com,\n,,\n');
    await upload('Name,Contact\nSomebody, Zanzibar.Private@example.com \nElse,else@example.com\n');
    await startImport(file);
    await world.app.app.get(Quiescence).drainAllDue();
    const [person] = (await rep.get<{ data: { id: string }[] }>('/v1/people?q=zanzibar')).data;
    const id = String(person?.id);
    const details = {
      ...{
        first_name: 'Zanzibar',
        last_name: 'Zanzibar',
        title: 'Zanzibar',
        company: 'Zanzibar',
        phone: 'Zanzibar',
        source: 'Zanzibar',
      },
      ...{ custom: { zanzibar: 'Zanzibar' }, salesforce_ids: ['0035g00000abcde'] },
    };
    await rep.send('patch', `/v1/people/${id}`, details, { 'If-Match': '*' });
    await rep.send('put', `/v1/people/${id}/addresses/zanzibar.private@example.com`);
    await rep.send('post', `/v1/people/${id}/notes`, { text: 'Zanzibar likes tea' });
    await rep.send('put', `/v1/people/${id}/authorization`, { type: 'consent', source: 'Zanzibar' });
    await unsubscribe(id);
    const group = (await rep.send<{ id: string }>('post', '/v1/groups', { name: 'Fair' })).body.id;
    await rep.send('post', `/v1/groups/${group}/members`, { person_ids: [id] });
    const task = await rep.newTask({ name: 'Call', person_id: id });
    expect(await tablesWith('zanzibar')).toEqual([
      ...['audit_entries', 'people', 'people_import_rows', 'person_addresses', 'person_authorizations'],
      ...['person_notes', 'person_unsubscribes', 'unsubscribed_addresses'],
    ]);

    const erased = await erase(admin, id, 'ZANZIBAR.private@example.com');
    const counts = { notes: 1, groups: 1, salesforce_records: 1, import_rows: 2 };
    expect(erased).toMatchObject({ status: 200, body: counts });
    expect(await tablesWith('zanzibar')).toEqual([]);
    expect(await rep.get(`/v1/tasks/${task.id}`)).toMatchObject({ person: null, name: 'Call', version: 2 });
    expect(await admin.send('get', `/v1/people/${id}`)).toMatchObject({ status: 404 });
    expect(await rep.get<PeopleImportView>(`/v1/people-imports/${file}`)).toMatchObject({
      counts: { created: 1, unchanged: 0, updated: 1, refused: 1 },
    });
    const log = await admin.get<{ data: object[] }>('/v1/audit?limit=2');
    expect(log.data).toMatchObject([
      { action: 'person.erased', target: { id }, details: counts },
      { action: 'person.unsubscribed', target: { id } },
    ]);
    const { unsubscribed_at: since } = await rep.newPerson({ name: 'Z', email: 'zanzibar@example.com' });
    expect(since).toBe(world.clock.now().toISOString());
    expect(await tablesWith('else@example.com')).toEqual(['people', 'people_import_rows', 'person_addresses']);
  });

  test('is theirs whom they were merged with, and of those who were deleted with the same address', async () => {
    const [stays, goes] = [await rep.newPerson({ name: 'Z1' }), await rep.newPerson({ name: 'Zanzibar' })];
    await rep.send('post', `/v1/people/${stays.id}/merge`, { person_id: goes.id });
    const email = 'zanzibar@example.com';
    const before = await rep.newPerson({ name: 'Before', email });
    await rep.send('post', `/v1/people/${before.id}/notes`, { text: 'Zanzibar' });
    await rep.send('delete', `/v1/people/${before.id}`);
    await rep.send('put', `/v1/people/${stays.id}/addresses/${email}`);
    expect(await erase(admin, goes.id, 'Zanzibar')).toMatchObject({ status: 404 });
    expect(await erase(admin, stays.id, email)).toMatchObject({ status: 200, body: { notes: 1 } });
    expect(await tablesWith('zanzibar')).toEqual([]);
  });

  test('can be done to somebody deleted, and once', async () => {
    const { id } = await rep.newPerson({ name: 'Zanzibar', email: 'zanzibar@example.com' });
    await unsubscribe(id);
    await rep.send('delete', `/v1/people/${id}`);
    expect(await erase(admin, id, 'zanzibar')).toMatchObject({ status: 200 });
    expect(await tablesWith('zanzibar')).toEqual([]);
    expect(await erase(admin, id, 'zanzibar')).toMatchObject({ status: 404 });
  });

  test('needs the name or an address, for it cannot be undone, and is for admins', async () => {
    const person = await rep.newPerson({ name: 'Zanzibar', email: 'zanzibar@example.com' });
    for (const confirm of ['', 'yes', 'zanzibar@example.org']) {
      const refused = await erase(admin, person.id, confirm);
      expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'confirm' }] } });
    }
    expect(await erase(rep, person.id, 'Zanzibar')).toMatchObject({ status: 403 });
    expect(await erase((await newTeam(world)).adminClient, person.id, 'Zanzibar')).toMatchObject({ status: 404 });
    expect(await rep.get(`/v1/people/${person.id}`)).toEqual(person);
    await erase(admin, person.id, 'Zanzibar');
  });

  test('takes their rows out of a file that is imported later', async () => {
    const { id } = await rep.newPerson({ name: 'Zanzibar', email: 'zanzibar@example.com' });
    const file = await upload('Name,Mail\nZanzibar,ZANZIBAR@example.com\nGrace,grace@example.com\n');
    await erase(admin, id, 'Zanzibar');
    await startImport(file);
    await world.app.app.get(Quiescence).drainAllDue();
    expect(await rep.get<PeopleImportView>(`/v1/people-imports/${file}`)).toMatchObject({
      ...{ state: 'done', rows: 2, rows_done: 2, counts: { created: 1, refused: 1 } },
    });
    expect(await tablesWith('zanzibar')).toEqual([]);
  });

  test('takes their rows out that know them by a Salesforce record alone, in its long form or its short one', async () => {
    const { dataSource } = world.database;
    const [here, aside] = ['0035g00000AbCdeAAF', '00Q5g00000abcdeEAA'];
    const { id } = await rep.newPerson({ name: 'Zanzibar', salesforce_ids: [here] });
    await dataSource.query(
      `INSERT INTO set_aside_rows (team_id, place, source, key, row)
       VALUES ($1, 'org', 'person_salesforce_records', $2, jsonb_build_object('person_id', $3::text))`,
      [team.teamId, aside, id],
    );
    const ids = [here, here.slice(0, 15), here.toLowerCase(), ` ${aside}`, aside.slice(0, 15)];
    // A short id in other letters is another record.
    const other = '0035g00000abcde';
    const file = await upload(`Id,Name\n${[...ids, other].map((one) => `${one},Zanz`).join('\n')}\n`);
    expect(await erase(admin, id, 'Zanzibar')).toMatchObject({ body: { import_rows: ids.length } });
    await rep.send('post', `/v1/people-imports/${file}/start`, { columns: { Id: 'salesforce_id', Name: 'name' } });
    await world.app.app.get(Quiescence).drainAllDue();
    expect(await rep.get<PeopleImportView>(`/v1/people-imports/${file}`)).toMatchObject({
      counts: { created: 1, refused: ids.length },
    });
    expect(await tablesWith(here.toLowerCase())).toEqual([]);
  });

  test('takes their rows out also where they were deleted, by the record that they were imported by', async () => {
    const rows = 'Id,Name\n0035g00000AbCde,Zanzibar\n';
    const columns = { Id: 'salesforce_id', Name: 'name' };
    await rep.send('post', `/v1/people-imports/${await upload(rows)}/start`, { columns });
    await world.app.app.get(Quiescence).drainAllDue();
    await upload(rows);
    const [person] = (await rep.get<{ data: { id: string }[] }>('/v1/people?q=zanzibar')).data;
    await rep.send('delete', `/v1/people/${String(person?.id)}`);
    expect(await erase(admin, String(person?.id), 'Zanzibar')).toMatchObject({ body: { import_rows: 2 } });
    expect(await tablesWith('zanzibar')).toEqual([]);
  });

  test('leaves nothing to come back when the team returns to an org', async () => {
    const [gone, other] = [await rep.newPerson({ name: 'Zanzibar' }), await rep.newPerson()];
    const { dataSource } = world.database;
    await dataSource.query(
      `INSERT INTO set_aside_rows (team_id, place, source, key, row)
       SELECT $1, 'org', source, p || source, jsonb_build_object('person_id', p, 'kept', 1)
       FROM unnest(ARRAY['tasks', 'person_salesforce_records']) source, unnest($2::text[]) p`,
      [team.teamId, [gone.id, other.id]],
    );
    await erase(admin, gone.id, 'Zanzibar');
    const rows: { source: string; row: object }[] = await dataSource.query(
      'SELECT source, row FROM set_aside_rows WHERE team_id = $1 ORDER BY source, row',
      [team.teamId],
    );
    expect(rows).toEqual([
      { source: 'person_salesforce_records', row: { person_id: other.id, kept: 1 } },
      { source: 'tasks', row: { person_id: null, kept: 1 } },
      { source: 'tasks', row: { person_id: other.id, kept: 1 } },
    ]);
  });
});
