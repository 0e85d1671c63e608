import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PersonView } from '../../../src/command-center/people/people.dto.js';
import { PeopleService } from '../../../src/command-center/people/people.service.js';
import { Unsubscribes } from '../../../src/command-center/people/unsubscribes.js';
import { type Client, createWorld, inTransaction, newTeam, type ProblemBody, type Team, type World } from '../world.js';

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

type Reply = PersonView & ProblemBody;
const merge = (client: Client, id: string, from: string) =>
  client.send<Reply>('post', `/v1/people/${id}/merge`, { person_id: from });
const personOf = (id: string) => rep.get<PersonView>(`/v1/people/${id}`);

describe('two people who are one', () => {
  test('have what both had; what both had stays that of the one who stays', async () => {
    const stays = await rep.newPerson({
      ...{ name: 'Grace Hopper', email: 'grace@example.com', title: 'Admiral', custom: { ship: 'one' } },
      salesforce_ids: ['0035g00000abcde'],
    });
    const goes = await rep.newPerson({
      ...{ name: 'G. H.', first_name: 'G.', email: 'gh@example.com', title: 'Captain', company: 'Navy' },
      ...{ phone: '1', source: 'Web', time_zone: 'America/New_York', custom: { ship: 'two', port: 'x' } },
      salesforce_ids: ['00Q5g00000abcde'],
    });
    await rep.send('put', `/v1/people/${goes.id}/addresses/private@example.com`);
    const merged = await merge(rep, stays.id, goes.id);
    expect(merged).toMatchObject({
      status: 200,
      body: {
        ...{ id: stays.id, name: 'Grace Hopper', first_name: null, email: 'grace@example.com', title: 'Admiral' },
        ...{
          company: 'Navy',
          phone: '1',
          source: 'Web',
          time_zone: 'America/New_York',
          custom: { ship: 'one', port: 'x' },
        },
        other_addresses: ['gh@example.com', 'private@example.com'],
        salesforce_records: [{ kind: 'contact' }, { kind: 'lead' }],
        version: 2,
      },
    });
    expect(await rep.send('get', `/v1/people/${goes.id}`)).toMatchObject({ status: 404 });
    expect((await rep.get<{ data: PersonView[] }>('/v1/people')).data).toEqual([merged.body]);
  });

  test('are one already, asked again', async () => {
    const [stays, goes] = [await rep.newPerson(), await rep.newPerson()];
    const first = await merge(rep, stays.id, goes.id);
    expect(await merge(rep, stays.id, goes.id)).toEqual(first);
    const last = await rep.newPerson();
    const chain = await merge(rep, last.id, stays.id);
    expect((await merge(rep, last.id, goes.id)).body).toEqual(chain.body);
    expect(await merge(rep, stays.id, goes.id)).toMatchObject({ status: 404 });
    expect(await merge(rep, last.id, last.id)).toMatchObject({ status: 400 });
  });

  test('at once and both ways leave one of them', async () => {
    const [one, two] = [
      await rep.newPerson({ email: 'a@example.com' }),
      await rep.newPerson({ email: 'b@example.com' }),
    ];
    const answers = await Promise.all([merge(rep, one.id, two.id), merge(rep, two.id, one.id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
    const { data } = await rep.get<{ data: PersonView[] }>('/v1/people');
    expect(data.map((person) => [person.email, ...person.other_addresses].sort())).toEqual([
      ['a@example.com', 'b@example.com'],
    ]);
  });

  test('write to the address of the one who goes where the other had none', async () => {
    const [stays, goes] = [await rep.newPerson(), await rep.newPerson({ email: 'gh@example.com' })];
    expect((await merge(rep, stays.id, goes.id)).body).toMatchObject({ email: 'gh@example.com', other_addresses: [] });
    const taken = await rep.refusal('post', '/v1/people', { name: 'x', email: 'gh@example.com' });
    expect(taken).toMatchObject({ status: 409 });
  });

  test('share notes, groups and tasks, each once', async () => {
    const [stays, goes] = [await rep.newPerson(), await rep.newPerson()];
    for (const { id } of [stays, goes]) await rep.send('post', `/v1/people/${id}/notes`, { text: id });
    const [both, single] = await Promise.all(
      ['Both', 'One'].map(async (name) => (await rep.send<{ id: string }>('post', '/v1/groups', { name })).body.id),
    );
    await rep.send('post', `/v1/groups/${both}/members`, { person_ids: [stays.id, goes.id] });
    await rep.send('post', `/v1/groups/${single}/members`, { person_ids: [goes.id] });
    const task = await rep.newTask({ person_id: goes.id });
    await merge(rep, stays.id, goes.id);
    const notes = await rep.all<{ text: string }>(`/v1/people/${stays.id}/notes`);
    expect(notes.map(({ text }) => text)).toEqual([goes.id, stays.id]);
    expect((await personOf(stays.id)).groups.map(({ name }) => name)).toEqual(['Both', 'One']);
    expect(await rep.get(`/v1/tasks/${task.id}`)).toMatchObject({ person: { id: stays.id }, version: 2 });
    expect(await rep.history(task.id)).toHaveLength(1);
    const sql = 'SELECT data FROM live_events WHERE team_id = $1 ORDER BY xid DESC, id DESC LIMIT 1';
    const told = { data: { id: task.id, change: 'updated' } };
    expect(await world.database.dataSource.query(sql, [team.teamId])).toEqual([told]);
  });

  test('are one in what waits for the team to come back to an org, too', async () => {
    const [stays, goes, other] = [await rep.newPerson(), await rep.newPerson(), await rep.newPerson()];
    const { dataSource } = world.database;
    await dataSource.query(
      `INSERT INTO set_aside_rows (team_id, place, source, key, row)
       SELECT $1, 'org', source, p || source, jsonb_build_object('person_id', p, 'kept', 1)
       FROM unnest(ARRAY['tasks', 'person_salesforce_records']) source, unnest($2::text[]) p`,
      [team.teamId, [goes.id, other.id]],
    );
    await merge(rep, stays.id, goes.id);
    const rows: { row: object }[] = await dataSource.query(
      'SELECT row FROM set_aside_rows WHERE team_id = $1 ORDER BY source, key',
      [team.teamId],
    );
    const [moved, left] = [stays.id, other.id].map((id) => ({ person_id: id, kept: 1 }));
    expect(rows.map(({ row }) => row)).toEqual([moved, left, moved, left]);
  });

  test('are written to on the ground of the one who stays, or else of the other; the history tells of both', async () => {
    const put = (id: string, type: string) => rep.send('put', `/v1/people/${id}/authorization`, { type });
    const [stays, goes, last] = [await rep.newPerson(), await rep.newPerson(), await rep.newPerson()];
    await put(stays.id, 'contract');
    await put(goes.id, 'consent');
    await merge(rep, stays.id, goes.id);
    expect(await personOf(stays.id)).toMatchObject({ authorization: { type: 'contract' } });
    await put(last.id, 'other');
    await rep.send('delete', `/v1/people/${last.id}/authorization`);
    await merge(rep, last.id, stays.id);
    expect(await personOf(last.id)).toMatchObject({ authorization: { type: 'contract' } });
    const types = (await rep.all<{ type: string | null }>(`/v1/people/${last.id}/authorizations`)).map(
      ({ type }) => type,
    );
    expect(types).toEqual(['contract', null, 'other', 'contract', 'consent', 'contract']);
  });

  test.each(['goes', 'stays'])('are unsubscribed where the one who %s is, with all addresses', async (which) => {
    const stays = await rep.newPerson({ email: 'grace@example.com' });
    const goes = await rep.newPerson({ email: 'gh@example.com' });
    await rep.send('post', `/v1/people/${which === 'goes' ? goes.id : stays.id}/unsubscribe`, {});
    const { body } = await merge(rep, stays.id, goes.id);
    expect(body.unsubscribed_at).toBe(world.clock.now().toISOString());
    const history = await rep.all<{ what: string }>(`/v1/people/${stays.id}/unsubscribes`);
    expect(history.every(({ what }) => what === 'unsubscribed')).toBe(true);
    expect(history).toHaveLength(which === 'goes' ? 2 : 1);
    await rep.send('delete', `/v1/people/${stays.id}`);
    for (const email of ['grace@example.com', 'gh@example.com']) {
      expect(await rep.newPerson({ email })).toMatchObject({ unsubscribed_at: body.unsubscribed_at });
    }
  });

  test('are unsubscribed by the link in an email that went to the one who is gone', async () => {
    const [stays, goes] = [await rep.newPerson(), await rep.newPerson()];
    await merge(rep, stays.id, goes.id);
    const wish = { source: 'link' as const, reason: null, actor: null, emailId: null, at: world.clock.now() };
    const unsubscribes = world.app.app.get(Unsubscribes);
    await inTransaction(world, (tx) => unsubscribes.unsubscribe(tx, team.teamId, goes.id, wish));
    expect(await personOf(stays.id)).toMatchObject({ unsubscribed_at: world.clock.now().toISOString() });
    expect(await rep.all(`/v1/people/${stays.id}/unsubscribes`)).toMatchObject([{ source: 'link' }]);
  });

  test('have at most fifty fields of the team’s own together', async () => {
    const many = (from: number) => Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`f${from + n}`, 'x']));
    const stays = await rep.newPerson({ custom: many(0) });
    const goes = await rep.newPerson({ custom: many(26) });
    expect(await merge(rep, stays.id, goes.id)).toMatchObject({ status: 409 });
    expect(await personOf(goes.id)).toEqual(goes);
  });
});

describe('somebody whom a new task is about', () => {
  test('is not merged before the task is written', async () => {
    const { id } = await rep.newPerson();
    const viewer = { teamId: team.teamId, userId: String(team.reps[0]?.userId), role: 'member' as const };
    const take = 'SELECT 1 FROM people WHERE team_id = $1 AND id = $2 FOR UPDATE NOWAIT';
    await inTransaction(world, async (tx) => {
      expect(await world.app.app.get(PeopleService).accessTo(tx, viewer, id)).toBe('own');
      const merging = world.database.dataSource.query(take, [team.teamId, id]);
      await expect(merging).rejects.toMatchObject({ code: '55P03' });
    });
  });

  test('and who is merged meanwhile: the task is about who stays, or is refused', async () => {
    for (let round = 0; round < 10; round++) {
      const [stays, goes] = [await rep.newPerson(), await rep.newPerson()];
      const [task] = await Promise.all([
        rep.send<{ id: string }>('post', '/v1/tasks', { name: 'Call', person_id: goes.id }),
        merge(rep, stays.id, goes.id),
      ]);
      if (task.status === 201) {
        expect(await rep.get(`/v1/tasks/${task.body.id}`)).toMatchObject({ person: { id: stays.id } });
      } else expect(task.status).toBe(400);
    }
  });
});

describe('who merges', () => {
  test('may change both; whoever saw one of them sees the one who stays', async () => {
    const own = await rep.newPerson();
    const [shared, hidden] = [await mate.newPerson({ shared: true }), await mate.newPerson()];
    const unseen = await merge(rep, own.id, hidden.id);
    expect(unseen).toMatchObject({ status: 400, body: { errors: [{ field: 'person_id' }] } });
    expect(await merge(rep, hidden.id, own.id)).toMatchObject({ status: 404 });
    await admin.newTask({ person_id: hidden.id, assignee_id: team.reps[0]?.userId });
    expect(await merge(rep, own.id, hidden.id)).toMatchObject({ status: 403 });
    expect((await merge(rep, own.id, shared.id)).body).toMatchObject({
      shared: true,
      owner: { id: team.reps[0]?.userId },
    });
    expect(await mate.get(`/v1/people/${own.id}`)).toMatchObject({ id: own.id });
    const theirs = await (await newTeam(world)).adminClient.newPerson();
    expect(await merge(admin, own.id, theirs.id)).toMatchObject({ status: 400 });
  });

  test('is in the audit log, being an admin who merges others’', async () => {
    const [stays, goes] = [await mate.newPerson(), await rep.newPerson()];
    await merge(admin, stays.id, goes.id);
    const { data } = await admin.get<{ data: object[] }>('/v1/audit?limit=2');
    expect(data).toMatchObject([
      { action: 'person.merged', target: { id: stays.id }, details: { from: goes.id } },
      { action: 'person.merged', target: { id: goes.id }, details: { into: stays.id } },
    ]);
  });
});
