import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PersonNoteView } from '../../../src/command-center/people/notes/person-notes.dto.js';
import { type Client, createWorld, newTeam, type ProblemBody, type Team, type World } from '../world.js';

let world: World;
let team: Team;
let admin: Client;
let rep: Client;
let mate: Client;
let person: { id: string };

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());
beforeEach(async () => {
  team = await newTeam(world);
  admin = team.adminClient;
  [rep, mate] = team.repClients as [Client, Client];
  person = await rep.newPerson({ shared: true });
});

type Reply = PersonNoteView & ProblemBody;
const notes = (id = person.id) => `/v1/people/${id}/notes`;
const add = (client: Client, text: string, headers = {}) => client.send<Reply>('post', notes(), { text }, headers);
const edit = (client: Client, note: { id: string }, text: string, tag = '*') =>
  client.send<Reply>('patch', `${notes()}/${note.id}`, { text }, { 'If-Match': tag });
const remove = (client: Client, note: { id: string }) => client.send<Reply>('delete', `${notes()}/${note.id}`);

describe('notes on a person', () => {
  test('are read by whoever sees the person, newest first, with author and time', async () => {
    const first = await add(rep, '  Likes tea ');
    expect(first).toMatchObject({ status: 201, etag: '"v1"' });
    expect(first.body).toEqual({
      id: expect.any(String),
      text: 'Likes tea',
      author: { id: `user:${team.reps[0]?.userId}`, name: 'Rep 1' },
      version: 1,
      created_at: world.clock.now().toISOString(),
      edited_at: null,
    });
    const second = await add(mate, 'Likes coffee');
    for (const limit of [1, 200]) {
      expect(await admin.all<PersonNoteView>(notes(), limit)).toEqual([second.body, first.body]);
    }
  });

  test('are changed by their authors, on the version that they saw', async () => {
    const { body: note } = await add(rep, 'Likes tea');
    world.clock.advance(60_000);
    const edited = await edit(rep, note, 'Likes green tea', '"v1"');
    expect(edited).toMatchObject({ status: 200, body: { text: 'Likes green tea', version: 2 } });
    expect(edited.body.edited_at).toBe(world.clock.now().toISOString());
    expect((await edit(rep, note, 'Likes green tea')).body).toEqual(edited.body);
    expect(await edit(rep, note, 'x', '"v1"')).toMatchObject({ status: 412 });
    for (const client of [mate, admin]) expect(await edit(client, note, 'x')).toMatchObject({ status: 403 });
    expect(await rep.all(notes())).toEqual([edited.body]);
  });

  test('are deleted by their authors; by an admin too, who then is in the audit log', async () => {
    const [own, other] = [(await add(rep, 'own')).body, (await add(mate, 'other')).body];
    expect(await remove(rep, other)).toMatchObject({ status: 403 });
    expect(await remove(rep, own)).toMatchObject({ status: 204 });
    expect(await remove(rep, own)).toMatchObject({ status: 404 });
    expect(await remove(admin, other)).toMatchObject({ status: 204 });
    expect(await rep.all(notes())).toEqual([]);
    expect((await admin.get<{ data: object[] }>('/v1/audit?limit=1')).data).toMatchObject([
      { action: 'person.note_deleted', target: { id: person.id }, details: { author: other.author.id } },
    ]);
  });

  test('are not for those who do not see the person, nor found by another person’s path', async () => {
    person = await rep.newPerson();
    const { body: note } = await add(rep, 'private');
    for (const client of [mate, (await newTeam(world)).adminClient]) {
      expect(await client.send('get', notes())).toMatchObject({ status: 404 });
      expect(await add(client, 'x')).toMatchObject({ status: 404 });
      expect(await edit(client, note, 'x')).toMatchObject({ status: 404 });
      expect(await remove(client, note)).toMatchObject({ status: 404 });
    }
    const other = await rep.newPerson();
    expect(await rep.send('delete', `${notes(other.id)}/${note.id}`)).toMatchObject({ status: 404 });
    expect(await rep.all(notes())).toEqual([note]);
  });

  test('are texts of at most 10,000 characters', async () => {
    for (const text of ['', '   ', 'x'.repeat(10_001)]) {
      expect(await add(rep, text)).toMatchObject({ status: 400, body: { errors: [{ field: 'text' }] } });
    }
    expect(await add(rep, 'x'.repeat(10_000))).toMatchObject({ status: 201 });
  });

  test('are written once for an Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': 'once' };
    const [one, two] = [await add(rep, 'x', headers), await add(rep, 'x', headers)];
    expect(two.body).toEqual(one.body);
    expect(await rep.all(notes())).toHaveLength(1);
  });
});
