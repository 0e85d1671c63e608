import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ImportRowView, PeopleImportView } from '../../../src/command-center/people/imports/people-imports.dto.js';
import { PeopleImportPipeline } from '../../../src/command-center/people/imports/people-import-pipeline.js';
import type { PersonView } from '../../../src/command-center/people/people.dto.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import type { LaneLease } from '../../../src/platform/pipelines/lane-lease.js';
import { Quiescence } from '../../../src/platform/pipelines/quiescence.js';
import { bearer, type TestUser } from '../../support/app.js';
import { type Client, createWorld, newId, newTeam, type ProblemBody, type Team, type World } from '../world.js';
import { uploadCsv } from './import-world.js';

let world: World;
let team: Team;
let admin: Client;
let rep: Client;
let mate: Client;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());
beforeEach(async () => {
  team = await newTeam(world);
  admin = team.adminClient;
  [rep, mate] = team.repClients as [Client, Client];
});

const COLUMNS = { Name: 'name', Mail: 'email', Firm: 'company', Branch: 'custom.industry' };
const quiesce = () => world.app.app.get(Quiescence).drainAllDue();

const tryUpload = (text: string, query = '', by: TestUser | undefined = team.reps[0]) =>
  uploadCsv(world, by, text, query);

async function upload(text: string, by: TestUser | undefined = team.reps[0]): Promise<string> {
  const { status, body } = await tryUpload(text, '', by);
  expect(status).toBe(200);
  return body.id;
}

const start = (client: Client, id: string, fields: object = {}) =>
  client.send<PeopleImportView & ProblemBody>('post', `/v1/people-imports/${id}/start`, {
    columns: COLUMNS,
    ...fields,
  });

async function run(client: Client, id: string, fields: object = {}): Promise<PeopleImportView> {
  expect(await start(client, id, fields)).toMatchObject({ status: 202, body: { state: 'running', rows_done: 0 } });
  expect(await quiesce()).toEqual([]);
  return client.get(`/v1/people-imports/${id}`);
}

const report = async (client: Client, id: string, query = '') =>
  client.all<ImportRowView>(`/v1/people-imports/${id}/rows?${query}`, 2);
const peopleOf = (client: Client) => client.all<PersonView>('/v1/people');

describe('an upload', () => {
  test('is looked at before anything is imported', async () => {
    const answer = await tryUpload(
      '\ufeffName;Mail\r\n"Harper; Grace";a@example.com\r\n\r\nLea;\r\n',
      '?delimiter=semicolon',
    );
    expect(answer).toMatchObject({ status: 200, body: { state: 'uploaded', headers: ['Name', 'Mail'], rows: 2 } });
    expect(await peopleOf(rep)).toEqual([]);
  });

  test.each([
    ['', /no rows/],
    ['Name\n', /no rows/],
    ['Name,Name\nx,y\n', /two columns/],
    ['Name\n"open\n', /cannot be read/],
    [`${'x,'.repeat(200)}x\ny\n`, /200 columns/],
    [`Name\n${'x\n'.repeat(100_001)}`, /100,000 rows/],
  ])('is refused: %#', async (text, reason) => {
    const { status, body } = await tryUpload(text);
    expect(status).toBe(400);
    expect(body.detail).toMatch(reason);
    const left = await world.database.dataSource.query('SELECT 1 FROM people_imports WHERE team_id = $1', [
      team.teamId,
    ]);
    expect(left).toEqual([]);
  });

  test('has at most 50 MB', async () => {
    const line = `${'x'.repeat(1_023)}\n`;
    expect(await tryUpload(`Name\n${line.repeat(51 * 1024)}`)).toMatchObject({ status: 413 });
  });

  test('is no JSON, and JSON goes nowhere else as CSV', async () => {
    expect(await rep.refusal('post', '/v1/people-imports', {})).toMatchObject({ status: 415 });
    const headers = { ...bearer(String(team.reps[0]?.key)), 'Content-Type': 'text/csv' };
    expect((await world.app.http.post('/v1/people').set(headers).send('x')).status).toBe(415);
  });

  test('is its uploader’s and the admins’ to see, and the uploader’s to start', async () => {
    const id = await upload('Name\nGrace\n');
    const stranger = (await newTeam(world)).adminClient;
    for (const client of [mate, stranger]) {
      expect(await client.refusal('get', `/v1/people-imports/${id}`)).toMatchObject({ status: 404 });
      expect(await start(client, id, { columns: { Name: 'name' } })).toMatchObject({ status: 404 });
    }
    expect(await admin.get(`/v1/people-imports/${id}`)).toMatchObject({ rows: 1 });
    expect(await start(admin, id, { columns: { Name: 'name' } })).toMatchObject({ status: 403 });
  });

  test.each([
    [{ Name: 'owner_id' }, /people have not/],
    [{ None: 'name' }, /file has not/],
    [{ Name: 'name', Mail: 'name' }, /twice/],
    [{ Name: 'company' }, /name or an email/],
    [{}, /name or an email/],
  ])('is not started with columns %j', async (columns, reason) => {
    const answer = await start(rep, await upload('Name,Mail\nx,y\n'), { columns });
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toMatch(reason);
  });
});

describe('an import', () => {
  const FILE = [
    'Name,Mail,Firm,Branch',
    'Grace,grace@example.com,Harper Shipping,Shipping',
    ',GRACE@example.com,,',
    'Known,known@example.com,New Firm,',
    'Same,same@example.com,,',
    'Theirs,theirs@example.com,Mine,',
    'Bad,nowhere,,',
    'No Address,,,',
    '',
  ].join('\n');

  async function people(): Promise<void> {
    await rep.newPerson({ name: 'Known', email: 'known@example.com', phone: '1' });
    await rep.newPerson({ name: 'Same', email: 'same@example.com' });
    await mate.newPerson({ name: 'Theirs', email: 'theirs@example.com' });
  }

  test('creates, changes and refuses, and says so of each row; looking first tells the same and changes nobody', async () => {
    await people();
    const id = await upload(FILE);
    const before = await peopleOf(admin);
    const counts = { created: 2, updated: 1, unchanged: 1, refused: 3 };
    const looked = await run(rep, id, { dry_run: true });
    expect(looked).toMatchObject({ state: 'done', dry_run: true, rows: 7, rows_done: 7, counts, columns: COLUMNS });
    expect(await peopleOf(admin)).toEqual(before);
    const foreseen = (await report(rep, id)).map(({ row, outcome, reason }) => ({ row, outcome, reason }));

    expect(await run(rep, id, { shared: true })).toMatchObject({ state: 'done', dry_run: false, counts, shared: true });
    const rows = await report(rep, id);
    expect(rows.map(({ row, outcome, reason }) => ({ row, outcome, reason }))).toEqual(foreseen);
    expect(rows.map(({ outcome }) => outcome)).toEqual([
      ...['created', 'refused', 'updated', 'unchanged', 'refused', 'refused', 'created'],
    ]);
    expect((await report(rep, id, 'outcome=refused')).map(({ row, reason }) => `${row} ${String(reason)}`)).toEqual([
      '2 row 1 has this address already',
      '5 this address is somebody else’s person',
      '6 must be an email address',
    ]);
    expect(await rep.get(`/v1/people/${String(rows[0]?.person_id)}`)).toMatchObject({
      name: 'Grace',
      company: 'Harper Shipping',
      custom: { industry: 'Shipping' },
      shared: true,
      owner: { name: 'Rep 1' },
    });
    expect(await rep.get(`/v1/people/${String(rows[2]?.person_id)}`)).toMatchObject({
      company: 'New Firm',
      phone: '1',
      version: 2,
    });
    expect(await start(rep, id)).toMatchObject({ status: 409 });
  });

  test('is done once, also when it is started twice at once', async () => {
    const id = await upload('Name,Mail,Firm,Branch\nNobody,,,\n');
    const both = await Promise.all([start(rep, id), start(rep, id)]);
    expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
    await quiesce();
    expect(await peopleOf(rep)).toHaveLength(1);
  });

  test('goes on where a killed worker left it, and does no row twice', async () => {
    const names = Array.from({ length: 1_200 }, (_, n) => `Person ${n},,,`);
    const id = await upload(`Name,Mail,Firm,Branch\n${names.join('\n')}\n`);
    await start(rep, id);
    const pipeline = world.app.app.get(PeopleImportPipeline);
    const lease = { lane: team.teamId, check: () => Promise.resolve() } as unknown as LaneLease;
    await pipeline.slice(lease);
    // Killed within its second batch: the transaction goes.
    const killed = world.app.app.get(Transactions).run(async () => {
      await pipeline.slice(lease);
      throw new Error('killed');
    });
    await expect(killed).rejects.toThrow('killed');
    await quiesce();
    expect(await rep.get(`/v1/people-imports/${id}`)).toMatchObject({ state: 'done', counts: { created: 1_200 } });
    const [{ people, different }] = await world.database.dataSource.query(
      'SELECT count(*)::int AS people, count(DISTINCT name)::int AS different FROM people WHERE team_id = $1',
      [team.teamId],
    );
    expect({ people, different }).toEqual({ people: 1_200, different: 1_200 });
  });

  test('meets people by their other addresses too, and by two of them in one file', async () => {
    const person = await rep.newPerson({ name: 'Grace', email: 'grace@example.com' });
    await rep.send('put', `/v1/people/${person.id}/addresses/private@example.com`);
    const text = 'Name,Mail,Firm,Branch\n,PRIVATE@example.com,Firm,\n,grace@example.com,,Shipping\n';
    const done = await run(rep, await upload(text));
    expect(done.counts).toMatchObject({ created: 0, updated: 2 });
    expect(await peopleOf(rep)).toMatchObject([
      { name: 'Grace', email: 'grace@example.com', company: 'Firm', custom: { industry: 'Shipping' }, version: 3 },
    ]);
  });

  test('by an admin of somebody else’s private person is in the audit log', async () => {
    await people();
    const id = await upload('Name,Mail,Firm,Branch\nTheirs,theirs@example.com,Other,\n', team.admin);
    expect(await run(admin, id)).toMatchObject({ counts: { updated: 1 } });
    const log = (await admin.all<{ action: string }>('/v1/audit')).map(({ action }) => action);
    expect(log).toContain('person.updated');
  });

  test('stops when who uploaded the file has left', async () => {
    const id = await upload('Name,Mail,Firm,Branch\nGrace,,,\n');
    await start(rep, id);
    await admin.send('post', `/v1/users/${String(team.reps[0]?.userId)}/deactivation`, {});
    await quiesce();
    expect(await admin.get(`/v1/people-imports/${id}`)).toMatchObject({ state: 'stopped', rows_done: 0 });
    expect(await peopleOf(admin)).toEqual([]);
  });

  test('goes on where it stopped once its uploader is back, with the columns it began with', async () => {
    // Without addresses: whoever began anew would make everybody twice.
    const lines = Array.from({ length: 700 }, (_, nth) => `Person ${nth},,,`);
    const id = await upload(['Name,Mail,Firm,Branch', ...lines, ''].join('\n'));
    await start(rep, id);
    const lease = { lane: team.teamId, check: () => Promise.resolve() } as unknown as LaneLease;
    await world.app.app.get(PeopleImportPipeline).slice(lease);
    const user = `/v1/users/${String(team.reps[0]?.userId)}`;
    await admin.send('post', `${user}/deactivation`, {});
    await quiesce();
    expect(await admin.get(`/v1/people-imports/${id}`)).toMatchObject({ state: 'stopped', rows_done: 500 });
    const { version } = await admin.get<{ version: number }>(user);
    await admin.send('patch', user, { active: true }, { 'If-Match': `"v${version}"` });
    expect(await start(rep, id, { columns: { Name: 'name' } })).toMatchObject({ status: 400 });
    expect(await start(rep, id, { dry_run: true })).toMatchObject({ status: 409 });
    expect(await start(rep, id)).toMatchObject({ status: 202, body: { rows_done: 500, stopped_because: null } });
    await quiesce();
    expect(await rep.get(`/v1/people-imports/${id}`)).toMatchObject({
      ...{ state: 'done', rows_done: 700, stopped_because: null },
      counts: { created: 700, updated: 0, unchanged: 0, refused: 0 },
    });
    expect(await peopleOf(rep)).toHaveLength(700);
    expect(await start(rep, id)).toMatchObject({ status: 409 });
  });

  test('leaves nothing of its file after 30 days, whether anybody uploads again or not', async () => {
    const old = await upload('Name,Mail,Firm,Branch\nGrace,,,\n');
    await run(rep, old);
    world.clock.advance(29 * 86_400_000);
    const young = await upload('Name,Mail,Firm,Branch\nLea,,,\n');
    world.clock.advance(86_400_001);
    await quiesce();
    expect(await rep.refusal('get', `/v1/people-imports/${old}`)).toMatchObject({ status: 404 });
    expect(await rep.get(`/v1/people-imports/${young}`)).toMatchObject({ state: 'uploaded' });
    const rows = await world.database.dataSource.query('SELECT 1 FROM people_import_rows WHERE import_id = $1', [old]);
    expect(rows).toEqual([]);
    expect((await peopleOf(rep)).map(({ name }) => name)).toEqual(['Grace']);
  });

  test('that broke off with its process is removed after an hour', async () => {
    const id = newId();
    await world.database.dataSource.query(
      'INSERT INTO people_imports (team_id, id, owner_id, created_at) VALUES ($1, $2, $3, $4)',
      [team.teamId, id, team.reps[0]?.userId, world.clock.now()],
    );
    world.clock.advance(3_500_000);
    await quiesce();
    expect(await rep.get(`/v1/people-imports/${id}`)).toMatchObject({ state: 'uploading' });
    world.clock.advance(200_000);
    await quiesce();
    expect(await rep.refusal('get', `/v1/people-imports/${id}`)).toMatchObject({ status: 404 });
  });

  test('ends with its file', async () => {
    const id = await upload('Name,Mail,Firm,Branch\nGrace,,,\n');
    await start(rep, id);
    expect(await rep.send('delete', `/v1/people-imports/${id}`)).toMatchObject({ status: 204 });
    await quiesce();
    expect(await peopleOf(rep)).toEqual([]);
  });
});
