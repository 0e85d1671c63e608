import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { PeopleDirectory, type RemotePerson } from '../../../src/command-center/people/people-directory.js';
import type { PersonView } from '../../../src/command-center/people/people.dto.js';
import { createWorld, inTransaction, newTeam, type Team, type World } from '../world.js';

let world: World;
let team: Team;
let directory: PeopleDirectory;
let counter = 0;

beforeAll(async () => {
  world = await createWorld();
  directory = world.app.app.get(PeopleDirectory);
});
afterAll(() => world.end());

beforeEach(async () => {
  team = await newTeam(world);
});

function contact(email: string | null, name = 'Grace'): RemotePerson {
  return { salesforceId: `0035g0000${String(++counter).padStart(6, '0')}AAA`, kind: 'contact', name, email };
}

function ensure(records: RemotePerson[], teamId = team.teamId): Promise<Map<string, string>> {
  return inTransaction(world, (tx) => directory.ensure(tx, teamId, records, world.clock.now()));
}

async function people(): Promise<PersonView[]> {
  return team.adminClient.all<PersonView>('/v1/people');
}

describe('ensure', () => {
  test('makes a person of a new record, owned by nobody', async () => {
    const record = contact('Grace@Example.com ', 'Grace Harper');
    const found = await ensure([record]);
    const [person] = await people();
    expect(found).toEqual(new Map([[record.salesforceId, person?.id]]));
    expect(person).toMatchObject({ name: 'Grace Harper', email: 'grace@example.com', owner: null, shared: false });
    expect(person?.salesforce_records).toEqual([{ id: record.salesforceId, kind: 'contact' }]);
  });

  test('knows a record again, whatever its name and address have become', async () => {
    const record = contact('grace@example.com');
    const first = await ensure([record]);
    expect(await ensure([{ ...record, name: 'Else', email: 'else@example.com' }])).toEqual(first);
    expect(await people()).toMatchObject([{ name: 'Grace', email: 'grace@example.com', version: 1 }]);
  });

  test('attaches a record to the person with its address, whatever the case', async () => {
    const [rep] = team.repClients;
    const known = await rep?.newPerson({ name: 'By hand', email: 'grace@example.com' });
    const record = contact('GRACE@example.com');
    expect((await ensure([record])).get(record.salesforceId)).toBe(known?.id);
    expect(await people()).toMatchObject([{ name: 'By hand', salesforce_records: [{ id: record.salesforceId }] }]);
  });

  test('two records with one address are one person, also in one batch; without an address, two', async () => {
    const lead: RemotePerson = { ...contact('grace@example.com'), kind: 'lead' };
    const batch = [contact('grace@example.com'), lead, contact('Grace@example.com'), contact(null), contact(' ')];
    const found = await ensure(batch);
    expect(found.size).toBe(5);
    expect(new Set(batch.slice(0, 3).map(({ salesforceId }) => found.get(salesforceId))).size).toBe(1);
    expect(new Set(found.values()).size).toBe(3);
    expect(await people()).toHaveLength(3);
  });

  test('of one record named twice makes one person', async () => {
    const record = contact(null);
    expect((await ensure([record, { ...record }])).size).toBe(1);
    expect(await people()).toHaveLength(1);
  });

  test('of a deleted person’s record makes a new one', async () => {
    const record = contact('grace@example.com');
    const old = (await ensure([record])).get(record.salesforceId);
    await team.adminClient.send('delete', `/v1/people/${old}`);
    const next = (await ensure([record])).get(record.salesforceId);
    expect(next).not.toBe(old);
    expect(await people()).toMatchObject([{ id: next }]);
  });

  test('keeps teams apart', async () => {
    const record = contact('grace@example.com');
    const other = await newTeam(world, { name: 'Elsewhere' });
    const [here, there] = [await ensure([record]), await ensure([record], other.teamId)];
    expect(here.get(record.salesforceId)).not.toBe(there.get(record.salesforceId));
    expect(await people()).toHaveLength(1);
  });

  test('of nobody asks nothing', async () => {
    expect(await ensure([])).toEqual(new Map());
  });

  test('takes a page of 2,000 in a few statements', async () => {
    const page = Array.from({ length: 2_000 }, (_, n) => contact(n % 4 === 0 ? null : `p${n % 1_500}@example.com`));
    let statements = 0;
    const found = await inTransaction(world, (tx) => {
      const query = tx.query.bind(tx);
      tx.query = (sql, parameters) => {
        statements++;
        return query(sql, parameters);
      };
      return directory.ensure(tx, team.teamId, page, world.clock.now());
    });
    expect(found.size).toBe(2_000);
    expect(statements).toBeLessThanOrEqual(5);
    expect(await inTransaction(world, (tx) => directory.bySalesforceIds(tx, team.teamId, [...found.keys()]))).toEqual(
      found,
    );
  });
});

describe('at the same time', () => {
  test('two who meet the same people agree, and nobody is there twice', async () => {
    for (let round = 0; round < 10; round++) {
      const batch = Array.from({ length: 20 }, (_, n) => contact(n % 3 === 0 ? null : `r${round}n${n}@example.com`));
      const [first, second] = await Promise.all([ensure(batch), ensure([...batch].reverse())]);
      expect(new Map([...second].sort())).toEqual(new Map([...first].sort()));
    }
    expect(await people()).toHaveLength(200);
  });

  test('different records with the same addresses, too', async () => {
    const emails = Array.from({ length: 20 }, (_, n) => `n${n}@example.com`);
    const left = emails.map((email) => contact(email));
    const right = emails.map((email) => contact(email)).reverse();
    await Promise.all([ensure(left), ensure(right)]);
    const all = await people();
    expect(all).toHaveLength(20);
    for (const { salesforce_records: records } of all) expect(records).toHaveLength(2);
  });

  test('the one whose transaction fails leaves its people to the other', async () => {
    const batch = [contact('grace@example.com'), contact(null)];
    const failing = inTransaction(world, async (tx) => {
      await directory.ensure(tx, team.teamId, batch, world.clock.now());
      throw new Error('later');
    });
    const [outcome, found] = await Promise.allSettled([failing, ensure(batch)]);
    expect(outcome).toMatchObject({ status: 'rejected' });
    expect(found).toMatchObject({ status: 'fulfilled' });
    expect(await people()).toHaveLength(2);
  });

  test('a person who is deleted meanwhile is not given the record', async () => {
    const [rep] = team.repClients;
    const known = await rep?.newPerson({ email: 'grace@example.com' });
    const record = contact('grace@example.com');
    const [found] = await Promise.all([ensure([record]), rep?.send('delete', `/v1/people/${known?.id}`)]);
    const now = await inTransaction(world, (tx) => directory.bySalesforceIds(tx, team.teamId, [record.salesforceId]));
    // Deleted after it was attached (and so free again), or before (and so somebody new's).
    if (now.size === 0) expect(found.get(record.salesforceId)).toBe(known?.id);
    else expect(now.get(record.salesforceId)).not.toBe(known?.id);
  });
});
