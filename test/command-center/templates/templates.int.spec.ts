import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Transactions } from '../../../src/platform/database/transactions.js';
import type {
  TemplateCategories,
  TemplatePreview,
  TemplateSummary,
  TemplateView,
} from '../../../src/command-center/templates/templates.dto.js';
import { TemplatesService } from '../../../src/command-center/templates/templates.service.js';
import { type Answer, Client, createWorld, newId, newTeam, type ProblemBody, type Team, type World } from '../world.js';

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

const LETTER = { name: 'First contact', subject: 'Hi {{first_name}}', body: 'Hello {{ company }}' };

async function make(client: Client, fields: object = {}): Promise<TemplateView> {
  const answer = await client.send<TemplateView>('post', '/v1/templates', { ...LETTER, ...fields });
  expect(answer.status).toBe(201);
  return answer.body;
}

function tryEdit(client: Client, { id, version }: TemplateView, body: object) {
  const headers = { 'If-Match': `"v${version}"` };
  return client.send<TemplateView & ProblemBody>('patch', `/v1/templates/${id}`, body, headers);
}

async function namesOf(client: Client, query = '', limit = 200): Promise<string[]> {
  return (await client.all<TemplateSummary>(`/v1/templates?${query}`, limit)).map(({ name }) => name);
}

function favour(client: Client, id: string): Promise<Answer<unknown>> {
  return client.send('put', `/v1/templates/${id}/favourite`);
}

async function acts(): Promise<[string, string][]> {
  const { data } = await team.adminClient.get<{ data: { action: string; target: { id: string } | null }[] }>(
    '/v1/audit',
  );
  return data
    .filter(({ action }) => action.startsWith('template.'))
    .map(({ action, target }) => [action, target?.id ?? '']);
}

describe('a template', () => {
  test('is made by a member, kept as written, and is theirs alone', async () => {
    const body = '<p onclick="x">Hi {{ first_name | default: "there" }}</p>';
    const answer = await rep.send<TemplateView>('post', '/v1/templates', {
      ...{ name: ' First contact ', category: ' Outreach ', subject: 'About {{company}}', body },
    });
    expect(answer).toMatchObject({ status: 201, etag: '"v1"' });
    expect(answer.body).toEqual({
      ...{ id: expect.any(String), name: 'First contact', category: 'Outreach', subject: 'About {{company}}', body },
      ...{ shared: false, commercial: true, locked: false, favourite: false, version: 1 },
      attachments: [],
      owner: { id: team.reps[0]?.userId, name: 'Rep 1' },
      created_at: world.clock.now().toISOString(),
      updated_at: world.clock.now().toISOString(),
    });
    expect(await rep.get(`/v1/templates/${answer.body.id}`)).toEqual(answer.body);
    expect(await mate.refusal('get', `/v1/templates/${answer.body.id}`)).toMatchObject({ status: 404 });
    expect(await team.adminClient.get(`/v1/templates/${answer.body.id}`)).toMatchObject({ name: 'First contact' });
  });

  test('with mistakes in it is refused, with the place of each', async () => {
    const wrong = { ...LETTER, subject: '{{ frist_name }}', body: 'a\n{% for x in y %}' };
    expect(await rep.refusal('post', '/v1/templates', wrong)).toMatchObject({
      status: 400,
      body: {
        errors: [
          { field: 'subject', message: expect.stringContaining('frist_name') },
          { field: 'body', message: 'the tag “for” cannot be used here (line 2)' },
        ],
      },
    });
    const made = await make(rep);
    expect(await tryEdit(rep, made, { body: '{{ x }}' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'body' }] },
    });
    for (const fields of [
      { name: ' ' },
      { subject: '' },
      { body: '' },
      { body: 'a'.repeat(200_001) },
      { category: '' },
    ]) {
      expect(await rep.refusal('post', '/v1/templates', { ...LETTER, ...fields })).toMatchObject({ status: 400 });
    }
  });

  test('is changed with If-Match, and only when something changes', async () => {
    const made = await make(rep);
    expect(await rep.refusal('patch', `/v1/templates/${made.id}`, { name: 'x' })).toMatchObject({ status: 428 });
    const changes = { name: 'Second', category: 'New', subject: 'S', body: 'B', shared: true, commercial: false };
    const changed = await tryEdit(rep, made, changes);
    expect(changed).toMatchObject({ status: 200, etag: '"v2"', body: changes });
    expect(await tryEdit(rep, changed.body, changes)).toMatchObject({ status: 200, etag: '"v2"' });
    expect(await tryEdit(rep, changed.body, { category: null })).toMatchObject({ body: { category: null } });
    expect(await tryEdit(rep, made, { name: 'late' })).toMatchObject({ status: 412 });
    const now = { ...made, version: 3 };
    const answers = await Promise.all(['left', 'right'].map((name) => tryEdit(rep, now, { name })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(await acts()).toEqual([]);
  });

  test('shared is read by all, changed by its owner and admins; a copy is whoever made it', async () => {
    const made = await make(rep, { shared: true, category: 'C', commercial: false });
    expect(await mate.get(`/v1/templates/${made.id}`)).toMatchObject({ body: LETTER.body });
    expect(await tryEdit(mate, made, { name: 'x' })).toMatchObject({ status: 403 });
    expect(await mate.refusal('delete', `/v1/templates/${made.id}`)).toMatchObject({ status: 403 });
    const copy = await mate.send<TemplateView>('post', `/v1/templates/${made.id}/duplicate`);
    expect(copy).toMatchObject({
      status: 201,
      body: { name: 'First contact (copy)', category: 'C', body: LETTER.body, shared: false, commercial: false },
    });
    expect(copy.body.owner).toMatchObject({ id: team.reps[1]?.userId });
    expect(await tryEdit(mate, copy.body, { name: 'mine' })).toMatchObject({ status: 200 });
    const own = await make(mate);
    expect(await rep.refusal('post', `/v1/templates/${own.id}/duplicate`)).toMatchObject({ status: 404 });
    expect(await tryEdit(team.adminClient, made, { name: 'of the admin' })).toMatchObject({ status: 200 });
    expect(await acts()).toEqual([['template.updated', made.id]]);
  });

  test('is locked by admins: its owner reads and copies it only, until it is unlocked', async () => {
    const made = await make(rep, { shared: true });
    expect(await tryEdit(rep, made, { locked: true })).toMatchObject({ status: 403 });
    const locked = await tryEdit(team.adminClient, made, { locked: true });
    expect(locked).toMatchObject({ status: 200, body: { locked: true } });
    expect(await tryEdit(rep, locked.body, { name: 'x' })).toMatchObject({ status: 403 });
    expect(await rep.refusal('delete', `/v1/templates/${made.id}`)).toMatchObject({ status: 403 });
    const copy = await rep.send<TemplateView>('post', `/v1/templates/${made.id}/duplicate`);
    expect(copy.body).toMatchObject({ locked: false, shared: false });
    const unlocked = await tryEdit(team.adminClient, locked.body, { locked: false });
    expect(await tryEdit(rep, unlocked.body, { name: 'x' })).toMatchObject({ status: 200 });
    const own = await make(team.adminClient);
    await tryEdit(team.adminClient, own, { locked: true });
    expect((await acts()).reverse()).toEqual([
      ['template.locked', made.id],
      ['template.unlocked', made.id],
      ['template.locked', own.id],
    ]);
  });

  test('is deleted by its owner or an admin, and out of everybody’s favourites', async () => {
    const made = await make(rep, { shared: true });
    await favour(mate, made.id);
    expect(await rep.send('delete', `/v1/templates/${made.id}`)).toMatchObject({ status: 204 });
    for (const client of [rep, mate]) {
      expect(await client.refusal('get', `/v1/templates/${made.id}`)).toMatchObject({ status: 404 });
      expect(await namesOf(client, 'list=favourites')).toEqual([]);
    }
    expect(await rep.refusal('delete', `/v1/templates/${made.id}`)).toMatchObject({ status: 404 });
    const other = await make(rep);
    expect(await team.adminClient.send('delete', `/v1/templates/${other.id}`)).toMatchObject({ status: 204 });
    expect(await acts()).toEqual([['template.deleted', other.id]]);
  });

  test('made by a key of the team is shared: it is nobody’s', async () => {
    const scopes = ['emails:read', 'emails:write'];
    const { key } = await team.adminClient
      .send<{ key: string }>('post', '/v1/api-keys', { name: 'k', scopes })
      .then(({ body }) => body);
    const robot = new Client(world.app, key);
    expect(await robot.refusal('post', '/v1/templates', LETTER)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'shared' }] },
    });
    const made = await make(robot, { shared: true });
    expect(made).toMatchObject({ owner: null });
    expect(await tryEdit(robot, made, { shared: false })).toMatchObject({ status: 400 });
    expect(await tryEdit(rep, made, { name: 'x' })).toMatchObject({ status: 403 });
    expect(await favour(robot, made.id)).toMatchObject({ status: 403 });
    expect(await robot.send('post', `/v1/templates/${made.id}/duplicate`)).toMatchObject({
      status: 201,
      body: { shared: true },
    });
  });
});

describe('lists', () => {
  test('show what one may see, by name, page by page, without bodies', async () => {
    for (const name of ['b', 'A', 'c', 'A']) await make(rep, { name });
    await make(mate, { name: 'private' });
    await make(mate, { name: 'Bshared', shared: true });
    for (const limit of [1, 2, 200]) {
      const found = await namesOf(rep, '', limit);
      expect(found.map((name) => name.toLowerCase())).toEqual(['a', 'a', 'b', 'bshared', 'c']);
    }
    expect(await namesOf(rep, 'list=mine')).toHaveLength(4);
    expect(await namesOf(rep, 'list=shared')).toEqual(['Bshared']);
    expect(await namesOf(team.adminClient)).toHaveLength(6);
    expect(await namesOf((await newTeam(world, { name: 'Elsewhere' })).adminClient)).toEqual([]);
    const { data } = await rep.get<{ data: object[] }>('/v1/templates?limit=1');
    expect(data[0]).not.toHaveProperty('body');
  });

  test('are searched by name and subject, and by category', async () => {
    await make(rep, { name: 'Welcome 100%', subject: 'Hello', category: 'Start' });
    await make(rep, { name: 'Reminder', subject: 'You are WELCOME', category: 'End' });
    await make(mate, { name: 'Welcome too', category: 'Hidden' });
    await make(mate, { name: 'Ours', category: 'Start', shared: true });
    for (const [query, names] of [
      ['q=welcome', ['Reminder', 'Welcome 100%']],
      ['q=100%25', ['Welcome 100%']],
      ['q=1_0', []],
      ['category=Start', ['Ours', 'Welcome 100%']],
      ['category=start', []],
      ['category=Start&q=ours&list=shared', ['Ours']],
    ] as const) {
      expect([query, await namesOf(rep, query)]).toEqual([query, names]);
    }
    expect(await rep.get<TemplateCategories>('/v1/templates/categories')).toEqual({
      data: [
        { name: 'End', templates: 1 },
        { name: 'Start', templates: 2 },
      ],
    });
    expect((await team.adminClient.get<TemplateCategories>('/v1/templates/categories')).data).toHaveLength(3);
  });

  test('have favourites of each user', async () => {
    const made = await make(rep, { shared: true });
    const own = await make(mate);
    for (let times = 0; times < 2; times += 1) expect(await favour(rep, made.id)).toMatchObject({ status: 204 });
    expect(await favour(rep, own.id)).toMatchObject({ status: 404 });
    expect(await namesOf(rep, 'list=favourites')).toEqual(['First contact']);
    expect(await rep.get(`/v1/templates/${made.id}`)).toMatchObject({ favourite: true, version: 1 });
    expect(await mate.get(`/v1/templates/${made.id}`)).toMatchObject({ favourite: false });
    expect(await namesOf(mate, 'list=favourites')).toEqual([]);
    for (let times = 0; times < 2; times += 1) {
      expect(await rep.send('delete', `/v1/templates/${made.id}/favourite`)).toMatchObject({ status: 204 });
    }
    expect(await namesOf(rep, 'list=favourites')).toEqual([]);
    await favour(mate, made.id);
    await tryEdit(rep, made, { shared: false });
    expect(await namesOf(mate, 'list=favourites')).toEqual([]);
  });
});

describe('the preview', () => {
  const preview = async (client: Client, body: object): Promise<TemplatePreview> =>
    (await client.send<TemplatePreview>('post', '/v1/templates/preview', { ...LETTER_TEXT, ...body })).body;
  const LETTER_TEXT = { subject: 'Hi {{first_name}}', body: '<p onclick="x">From {{ sender_name }}</p>' };

  test('is of a sample person, safe to show, with the link of commercial mail', async () => {
    const shown = await preview(rep, {});
    expect(shown).toMatchObject({ problems: [], refusal: null, email: { subject: 'Hi Grace' } });
    expect(shown.email?.html).toMatch(/^<p>From Rep 1<\/p>\n.*href="https:\/\/unsubscribe\.invalid\/"/s);
    expect(shown.email?.text).toMatch(/^From Rep 1\n/);
    expect((await preview(rep, { commercial: false })).email?.html).toBe('<p>From Rep 1</p>');
  });

  test('is of a person whom one sees', async () => {
    const person = await rep.newPerson({
      ...{ name: 'Ada King', first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com', title: 'Countess' },
      custom: { city: 'London' },
    });
    const body = '{{ first_name }}|{{ last_name }}|{{ email }}|{{ title }}|{{ company }}|{{ custom.city }}';
    const shown = await preview(rep, { body, person_id: person.id, commercial: false });
    expect(shown.email?.html).toBe('<p>Ada|Lovelace|ada@example.com|Countess|your company|London</p>');
    for (const person_id of [person.id, newId()]) {
      const refused = await mate.refusal('post', '/v1/templates/preview', { ...LETTER_TEXT, person_id });
      expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'person_id' }] } });
    }
  });

  test('says why it cannot be made: for everybody, or for this person', async () => {
    expect(await preview(rep, { subject: '{{ x }}', body: 'a\n {{ y }}' })).toEqual({
      email: null,
      problems: [
        { field: 'subject', message: expect.stringContaining('“x”'), line: 1, column: 4 },
        { field: 'body', message: expect.stringContaining('“y”'), line: 2, column: 5 },
      ],
      refusal: null,
    });
    const person = await rep.newPerson({ name: 'Ada', email: null });
    const missing = await preview(rep, { body: '{{ email }}', person_id: person.id });
    expect(missing).toEqual({ email: null, problems: [], refusal: expect.stringContaining('email') });
    expect(await preview(rep, { subject: '' })).toMatchObject({ email: null, refusal: 'The subject is empty.' });
  });
});

describe('for whoever sends it', () => {
  test('it is there as its viewer may use it', async () => {
    const made = await make(rep, { commercial: false });
    const [transactions, templates] = [world.app.app.get(Transactions), world.app.app.get(TemplatesService)];
    const as = (userId: string | undefined) => ({ teamId: team.teamId, userId: userId ?? '', role: 'member' as const });
    expect(await templates.forSending(transactions, as(team.reps[0]?.userId), made.id)).toEqual({
      ...{ id: made.id, subject: LETTER.subject, body: LETTER.body, commercial: false, attachments: [] },
    });
    const refused = templates.forSending(transactions, as(team.reps[1]?.userId), made.id);
    await expect(refused).rejects.toMatchObject({ code: 'not_found' });
    await rep.send('delete', `/v1/templates/${made.id}`);
    const gone = templates.forSending(transactions, as(team.reps[0]?.userId), made.id);
    await expect(gone).rejects.toMatchObject({ code: 'not_found' });
  });
});
