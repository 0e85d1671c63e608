import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ImportRowPage, PeopleImportView } from '../../../src/command-center/people/imports/people-imports.dto.js';
import type { PeoplePage, PersonView } from '../../../src/command-center/people/people.dto.js';
import type { ProblemBody } from '../../command-center/world.js';
import { bearer, type TestUser } from '../../support/app.js';
import { SyncWorld, type Rep } from '../../support/sync-world.js';

let world: SyncWorld;
let rep: Rep;
let nth = 0;

beforeAll(async () => {
  world = await SyncWorld.create({ reps: 3 });
});
afterAll(() => world.close());

beforeEach(async () => {
  [rep] = world.reps as [Rep];
  nth += 1;
  await world.org.pool.query(`DELETE FROM sf_lead; DELETE FROM sf_contact`);
});

async function make(object: 'Lead' | 'Contact' | 'Account', values: object): Promise<string> {
  const body = { OwnerId: rep.salesforceId, ...values };
  return (await world.control<{ id: string }>('POST', `as/${rep.salesforceId}/sobjects/${object}`, body)).id;
}
async function refusal(body: object, by: TestUser | undefined): Promise<{ status: number; body: ProblemBody }> {
  const answer = await world.test.http.post('/v1/salesforce/people-imports').set(bearer(by!.key)).send(body);
  return { status: answer.status, body: answer.body as ProblemBody };
}
const mail = (name: string) => `${name}${nth}@example.com`;

/** Reads, and imports what was read. */
async function imported(input: object, by: TestUser | undefined = rep, start: object = {}): Promise<PeopleImportView> {
  const one = await read(input, by);
  const body = { columns: one.columns, ...start };
  await world.call('POST', `/v1/people-imports/${one.id}/start`, body, by);
  await world.quiesce();
  return world.call('GET', `/v1/people-imports/${one.id}`, undefined, by);
}

async function read(input: object, by: TestUser | undefined = rep): Promise<PeopleImportView> {
  const begun = await world.call<PeopleImportView>('POST', '/v1/salesforce/people-imports', input, by);
  expect(begun).toMatchObject({ state: 'uploading', source: 'salesforce' });
  await world.quiesce();
  return world.call('GET', `/v1/people-imports/${begun.id}`, undefined, by);
}

async function person(email: string): Promise<PersonView | undefined> {
  const { data } = await world.call<PeoplePage>('GET', `/v1/people?q=${encodeURIComponent(email)}`);
  return data[0];
}

describe('Leads and contacts', () => {
  test('of the rep become people of theirs, with what Salesforce knows of them', async () => {
    const account = await make('Account', { Name: 'Acme' });
    const contactId = await make('Contact', {
      ...{ FirstName: 'Grace', LastName: 'Hopper', Email: mail('grace'), Title: 'Admiral', AccountId: account },
    });
    await make('Lead', { LastName: 'Turing', Company: 'Bletchley', Email: mail('alan'), HasOptedOutOfEmail: true });
    await make('Lead', { LastName: 'Other', Company: 'x', Email: mail('other'), OwnerId: world.reps[1]!.salesforceId });
    expect(
      await world.call('POST', '/v1/salesforce/people-imports/count', { objects: ['Lead', 'Contact'] }, rep),
    ).toEqual({
      ...{ Lead: 1, Contact: 1 },
    });
    expect(await imported({ objects: ['Lead', 'Contact'] })).toMatchObject({
      counts: { created: 2, refused: 0 },
      rows: 2,
    });
    expect(await person(mail('grace'))).toMatchObject({
      ...{ name: 'Grace Hopper', title: 'Admiral', company: 'Acme', owner: { id: rep.userId } },
      ...{ salesforce_records: [{ id: contactId, kind: 'contact' }], unsubscribed_at: null },
    });
    expect((await person(mail('alan')))?.unsubscribed_at).not.toBeNull();
    const history = await world.call<{ data: { source: string }[] }>(
      'GET',
      `/v1/people/${(await person(mail('alan')))?.id}/unsubscribes`,
    );
    expect(history.data.map(({ source }) => source)).toEqual(['salesforce']);
    expect(await person(mail('other'))).toBeUndefined();
  });

  test('that were imported are not made again; what changed there changes here', async () => {
    const id = await make('Lead', { LastName: 'Lee', Company: 'One', Email: mail('lee') });
    await imported({ objects: ['Lead'] });
    expect((await imported({ objects: ['Lead'] })).counts).toMatchObject({ unchanged: 1, created: 0, updated: 0 });
    await world.org.pool.query(`UPDATE sf_lead SET company = 'Two', email = 'elsewhere@example.com' WHERE id = $1`, [
      id,
    ]);
    expect((await imported({ objects: ['Lead'] })).counts).toMatchObject({ updated: 1, created: 0 });
    expect(await person(mail('lee'))).toMatchObject({ company: 'Two', email: mail('lee') });
  });

  test('with one address are one person with two records; those without any are people, too', async () => {
    await make('Lead', { FirstName: 'Ada', LastName: 'Byron', Company: 'x', Email: mail('ada') });
    await make('Contact', { FirstName: 'Ada', LastName: 'Lovelace', Email: mail('ada').toUpperCase() });
    await make('Contact', { LastName: `Nowhere${nth}` });
    const trial = await imported({ objects: ['Lead', 'Contact'] }, rep, { dry_run: true });
    expect(trial.counts).toMatchObject({ created: 2, updated: 1 });
    expect(await person(mail('ada'))).toBeUndefined();
    expect((await imported({ objects: ['Lead', 'Contact'] })).counts).toMatchObject({ created: 2, updated: 1 });
    expect((await person(mail('ada')))?.salesforce_records.map(({ kind }) => kind).sort()).toEqual(['contact', 'lead']);
    expect(await person(`Nowhere${nth}`)).toMatchObject({ email: null });
  });

  test('whom somebody else has here are refused, with the reason', async () => {
    await world.call('POST', '/v1/people', { name: 'Theirs', email: mail('theirs') }, world.reps[1]);
    await make('Lead', { LastName: 'Mine', Company: 'x', Email: mail('theirs') });
    const { id, counts } = await imported({ objects: ['Lead'] });
    expect(counts).toMatchObject({ refused: 1 });
    const { data } = await world.call<ImportRowPage>('GET', `/v1/people-imports/${id}/rows`, undefined, rep);
    expect(data[0]?.reason).toBe('this record is somebody else’s person');
  });

  test('that the sync made, and nobody owns, become the rep’s; what is shared with the team stays the team’s', async () => {
    const id = await make('Contact', { LastName: 'Synced', Email: mail('synced') });
    await make('Contact', { LastName: 'Shared', Title: 'CEO', Email: mail('shared') });
    await world.call('POST', '/v1/people', { name: 'Shared', email: mail('shared'), shared: true });
    const sql = 'UPDATE people SET owner_id = NULL WHERE email = $1';
    await world.database.dataSource.query(sql, [mail('shared')]);
    await world.database.dataSource.query(
      `WITH p AS (INSERT INTO people (team_id, id, name, email, created_at, updated_at)
         VALUES ($1, gen_random_uuid(), 'Synced', $2, now(), now()) RETURNING *),
       a AS (INSERT INTO person_addresses (team_id, email, person_id, main) SELECT team_id, email, id, true FROM p)
       INSERT INTO person_salesforce_records (team_id, person_id, salesforce_id, kind) SELECT team_id, id, $3, 'contact' FROM p`,
      [world.team.teamId, mail('synced'), id],
    );
    expect((await imported({ objects: ['Contact'] })).counts).toMatchObject({ updated: 2 });
    expect((await person(mail('synced')))?.owner?.id).toBe(rep.userId);
    expect(await person(mail('shared'))).toMatchObject({ owner: null, title: 'CEO' });
  });
});

describe('Who opted out there', () => {
  async function unsubscribed(email: string): Promise<boolean> {
    return (await person(email))?.unsubscribed_at !== null;
  }

  test('is unsubscribed here, though the rep leaves that column out or makes something else of it', async () => {
    for (const name of ['out', 'else']) {
      await make('Lead', { LastName: name, Company: 'x', Email: mail(name), HasOptedOutOfEmail: true });
      const one = await read({ objects: ['Lead'] });
      const { 'Opted out': _, ...others } = one.columns;
      const columns = name === 'out' ? others : { ...others, 'Opted out': 'custom.out' };
      for (const dry_run of [true, false]) {
        const path = `/v1/people-imports/${one.id}`;
        await world.call('POST', `${path}/start`, { columns, dry_run }, rep);
        await world.quiesce();
        expect(await world.call('GET', path, undefined, rep)).toMatchObject({ columns: one.columns });
      }
      expect(await unsubscribed(mail(name))).toBe(true);
    }
  });

  test('is so too where they are somebody else’s person here; nothing more is changed of them', async () => {
    const theirs = { name: 'Theirs', email: mail('theirs') };
    await world.call('POST', '/v1/people', theirs, world.reps[1]);
    await make('Lead', { LastName: 'Mine', Company: 'x', Email: mail('theirs'), HasOptedOutOfEmail: true });
    expect((await imported({ objects: ['Lead'] }, rep, { dry_run: true })).counts).toMatchObject({ refused: 1 });
    expect(await unsubscribed(mail('theirs'))).toBe(false);
    const { id, counts } = await imported({ objects: ['Lead'] });
    expect(counts).toMatchObject({ refused: 1 });
    const { data } = await world.call<ImportRowPage>('GET', `/v1/people-imports/${id}/rows`, undefined, rep);
    expect(data[0]?.reason).toBe('this record is somebody else’s person: only the opt-out counts');
    expect(await person(mail('theirs'))).toMatchObject({
      ...{ ...theirs, company: null, salesforce_records: [], owner: { id: world.reps[1]!.userId } },
      unsubscribed_at: expect.any(String),
    });
  });
});

describe('Who opted out there, in a row that is refused', () => {
  test('because another value does not hold here: is unsubscribed', async () => {
    const id = await make('Lead', { LastName: 'Long', Company: 'x', Email: mail('long') });
    await imported({ objects: ['Lead'] });
    await world.org.pool.query(
      `UPDATE sf_lead SET company = repeat('c', 240), has_opted_out_of_email = true WHERE id = $1`,
      [id],
    );
    expect((await imported({ objects: ['Lead'] }, rep, { dry_run: true })).counts).toMatchObject({ refused: 1 });
    expect(await person(mail('long'))).toMatchObject({ unsubscribed_at: null });
    expect((await imported({ objects: ['Lead'] })).counts).toMatchObject({ refused: 1 });
    expect(await person(mail('long'))).toMatchObject({ company: 'x', unsubscribed_at: expect.any(String) });
  });

  test('because a row before has the address, with no column of ids: is unsubscribed', async () => {
    await make('Lead', { LastName: 'Twice', Company: 'x', Email: mail('twice') });
    await make('Contact', { LastName: 'Twice', Email: mail('twice'), HasOptedOutOfEmail: true });
    const one = await read({ objects: ['Lead', 'Contact'] });
    const { 'Salesforce ID': _, ...columns } = one.columns;
    await world.call('POST', `/v1/people-imports/${one.id}/start`, { columns }, rep);
    await world.quiesce();
    const { counts } = await world.call<PeopleImportView>('GET', `/v1/people-imports/${one.id}`, undefined, rep);
    expect(counts).toMatchObject({ created: 1, refused: 1 });
    expect(await person(mail('twice'))).toMatchObject({ unsubscribed_at: expect.any(String) });
  });
});

test('Whoever is erased is not in what was read, and not made again of it', async () => {
  const record = await make('Lead', { LastName: 'Zanz', Company: 'x', Phone: '+123', Email: mail('elsewhere') });
  const body = { name: 'Zanzibar', email: mail('zanzibar'), salesforce_ids: [record] };
  const { id } = await world.call<PersonView>('POST', '/v1/people', body, rep);
  const one = await read({ objects: ['Lead'] });
  await world.call('POST', `/v1/people/${id}/erase`, { confirm: 'Zanzibar' });
  const sql = 'SELECT cells FROM people_import_rows WHERE import_id = $1';
  expect(await world.database.dataSource.query(sql, [one.id])).toEqual([{ cells: [] }]);
  await world.call('POST', `/v1/people-imports/${one.id}/start`, { columns: one.columns }, rep);
  await world.quiesce();
  expect(await person(mail('elsewhere'))).toBeUndefined();
});

describe('Which', () => {
  test('others’ are for admins; conditions narrow them, whatever is in them', async () => {
    const other = world.reps[1]!.salesforceId;
    await make('Lead', { LastName: 'A', Company: `O'Neil 100%`, Title: 'CEO', OwnerId: other });
    await make('Lead', { LastName: 'B', Company: 'O Neil 100x', Title: 'CEO', OwnerId: other });
    const refused = await refusal({ objects: ['Lead'], owned: false }, rep);
    expect(refused.status).toBe(403);
    const count = (input: object) => world.call('POST', '/v1/salesforce/people-imports/count', input);
    expect(await count({ objects: ['Lead'], owned: false })).toEqual({ Lead: 2 });
    expect(await count({ objects: ['Lead'], owned: false, company: `o'neil 100%` })).toEqual({ Lead: 1 });
    expect(
      await count({ objects: ['Lead'], owned: false, title: 'CEO', created_since: '2099-01-01T00:00:00Z' }),
    ).toEqual({
      ...{ Lead: 0 },
    });
  });

  test('those of a list view; a view of one’s own means oneself', async () => {
    await make('Lead', { LastName: 'Web', Company: 'x', LeadSource: 'Web', Email: mail('web') });
    await make('Lead', { LastName: 'Fair', Company: 'x', LeadSource: 'Other', Email: mail('fair') });
    const { data } = await world.call<{ data: { id: string; label: string }[] }>(
      'GET',
      '/v1/salesforce/people-imports/list-views?object=Lead',
      undefined,
      rep,
    );
    expect(data.map(({ label }) => label)).toEqual(['All Open Leads', 'My Web Leads']);
    const view = data.find(({ label }) => label === 'My Web Leads');
    expect((await imported({ objects: ['Lead'], list_view_id: view?.id })).rows).toBe(1);
    expect(await person(mail('web'))).toMatchObject({ source: 'Web' });
    expect(await person(mail('fair'))).toBeUndefined();
  });

  test('none: the import says so', async () => {
    expect(await read({ objects: ['Contact'], company: 'nobody there' })).toMatchObject({
      state: 'stopped',
      stopped_because: 'Nobody was found in Salesforce with these conditions.',
    });
  });

  test('what Salesforce refuses ends it with Salesforce’s words, and holds nobody up', async () => {
    await world.fault(
      { path: 'query' },
      { error: { status: 400, errorCode: 'INVALID_TYPE', message: 'No such thing' } },
    );
    const one = await read({ objects: ['Contact'] });
    expect(one).toMatchObject({ state: 'stopped', stopped_because: expect.stringContaining('No such thing') });
    expect(await world.quiesce()).toEqual([]);
  });

  test('a field that is not there leaves its column empty', async () => {
    await make('Contact', { LastName: 'x' });
    const one = await read({ objects: ['Contact'], owned: false, extra_fields: ['Nothing__c'] }, world.team.admin);
    expect(one.headers).toContain('Nothing__c');
    expect(one).toMatchObject({ state: 'uploaded', rows: 1 });
  });

  test('fields beside the usual ones are for admins: the integration user sees more than a rep', async () => {
    const refused = await refusal({ objects: ['Lead'], extra_fields: ['AnnualRevenue'] }, rep);
    expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining('Only admins')]);
    expect(await refusal({ objects: ['Lead'], extra_fields: [] }, rep)).toMatchObject({ status: 202 });
  });

  test('a rep who is nobody in Salesforce is told so', async () => {
    await world.database.dataSource.query('DELETE FROM salesforce_user_matches WHERE user_id = $1', [
      world.reps[1]!.userId,
    ]);
    const refused = await refusal({ objects: ['Lead'] }, world.reps[1]);
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('who you are in Salesforce')]);
  });
});

test('At most 30 reads in an hour are begun by a user', async () => {
  const refused = { objects: ['Lead', 'Contact'], list_view_id: '00B000000000001EAA' };
  const statuses = new Set<number>();
  for (let n = 0; n < 30; n++) statuses.add((await refusal(refused, world.reps[2])).status);
  const last = await refusal({ objects: ['Lead'] }, world.reps[2]);
  expect([[...statuses], last.status, last.body.detail]).toEqual([[400], 429, expect.stringContaining('Too many')]);
});
