import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { PeopleImportView } from '../../../src/command-center/people/imports/people-imports.dto.js';
import type { PersonView } from '../../../src/command-center/people/people.dto.js';
import { Quiescence } from '../../../src/platform/pipelines/quiescence.js';
import { type Client, createWorld, newTeam, type Team, type World } from '../world.js';
import { uploadCsv } from './import-world.js';

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

async function upload(lines: readonly string[]): Promise<string> {
  return (await uploadCsv(world, team.reps[0], lines.join('\n'))).body.id;
}
async function run(id: string, input: object): Promise<PeopleImportView> {
  expect(await rep.send('post', `/v1/people-imports/${id}/start`, input)).toMatchObject({ status: 202 });
  await world.app.app.get(Quiescence).drainAllDue();
  return rep.get(`/v1/people-imports/${id}`);
}
const RECORDS = { Id: 'salesforce_id', Name: 'name', Mail: 'email' };
const idOf = (kind: '00Q' | '003', nth: number) => `${kind}5g0000${String(nth).padStart(6, '0')}`;

test('looking first tells the same where a later batch meets whom an earlier one makes, by address or record', async () => {
  const rows = (from: number, line: (nth: number) => string) => Array.from({ length: 300 }, (_, n) => line(from + n));
  const lines = [
    ...rows(0, (nth) => `${idOf('00Q', nth)},Lead ${nth},p${nth}@example.com`),
    ...rows(300, (nth) => `${idOf('00Q', nth)},Lead ${nth},`),
    ...rows(0, (nth) => `${idOf('003', nth)},Contact ${nth},p${nth}@example.com`),
    ...rows(300, (nth) => `${idOf('00Q', nth)},Lead ${nth} again,q${nth}@example.com`),
    // An address of somebody who was met by their record does not become theirs.
    ...rows(300, (nth) => `${idOf('003', nth)},Contact ${nth},q${nth}@example.com`),
  ];
  const id = await upload(['Id,Name,Mail', ...lines]);
  const looked = await run(id, { columns: RECORDS, dry_run: true });
  expect(looked.counts).toEqual({ created: 900, updated: 600, unchanged: 0, refused: 0 });
  expect((await run(id, { columns: RECORDS })).counts).toEqual(looked.counts);
});

test('a record that somebody gets in a batch is met by the rows after it, and makes nobody else', async () => {
  await rep.newPerson({ name: 'Known', email: 'known@example.com' });
  const rows = [['known'], ['one'], ['two']].map(([name]) => `${idOf('00Q', 1)},N,${String(name)}@example.com`);
  const id = await upload(['Id,Name,Mail', ...rows]);
  const counts = { created: 0, updated: 1, unchanged: 2, refused: 0 };
  expect((await run(id, { columns: RECORDS })).counts).toEqual(counts);
  expect(await rep.all('/v1/people')).toHaveLength(1);
});

test('unsubscribes whom a row of a file says so of, but nobody of whom the importer may change nothing', async () => {
  await rep.newPerson({ name: 'Mine', email: 'mine@example.com' });
  await mate.newPerson({ name: 'Theirs', email: 'theirs@example.com' });
  const rows = ['theirs', 'mine'].map((name) => `X,${name}@example.com,yes`);
  const id = await upload(['Name,Mail,Out', ...rows, 'New,new@example.com,no']);
  const done = await run(id, { columns: { Name: 'name', Mail: 'email', Out: 'unsubscribed' } });
  expect(done.counts).toMatchObject({ refused: 1, updated: 1, created: 1 });
  const people = await team.adminClient.all<PersonView>('/v1/people');
  const states = Object.fromEntries(people.map(({ email, unsubscribed_at: at }) => [email, at !== null]));
  expect(states).toEqual({ 'theirs@example.com': false, 'mine@example.com': true, 'new@example.com': false });
});
