import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SyncWorld } from '../../support/sync-world.js';

let world: SyncWorld;

beforeAll(async () => {
  world = await SyncWorld.create({ reps: 1 });
  await world.enrol();
});
afterAll(() => world.close());

const aRecord = async (table: 'sf_contact' | 'sf_lead'): Promise<string> => {
  const only = table === 'sf_lead' ? 'AND NOT is_converted' : '';
  const sql = `SELECT id FROM ${table} WHERE email IS NOT NULL ${only} ORDER BY id LIMIT 1`;
  return String((await world.org.pool.query<{ id: string }>(sql)).rows[0]?.id);
};

it('people merged here change nothing in Salesforce, and what is about either there is about the one here', async () => {
  const [contact, lead] = [await aRecord('sf_contact'), await aRecord('sf_lead')];
  const [ofContact, ofLead] = [
    await world.createThere({ Subject: 'about the contact', WhoId: contact }),
    await world.createThere({ Subject: 'about the lead', WhoId: lead }),
  ];
  await world.sync();
  const [stays, goes] = [await world.hereOf(ofContact), await world.hereOf(ofLead)];
  expect(stays.person?.id).not.toBe(goes.person?.id);

  const before = await world.allThere();
  await world.call('POST', `/v1/people/${stays.person?.id}/merge`, { person_id: goes.person?.id });
  expect(await world.hereOf(ofLead)).toMatchObject({ person: { id: stays.person?.id }, who_id: lead });
  expect(await world.quietCycle()).toMatchObject({ writes: 0 });
  expect(await world.allThere()).toEqual(before);

  // Both sides go on: an edit here leaves the record alone, and news about the lead find the one person.
  await world.editHere(goes.id, { details: 'edited here' });
  const news = await world.createThere({ Subject: 'about the lead, too', WhoId: lead });
  await world.sync();
  expect(await world.there(ofLead)).toMatchObject({ Description: 'edited here', WhoId: lead });
  expect(await world.hereOf(news)).toMatchObject({ person: { id: stays.person?.id }, who_id: lead });
  expect(await world.quietCycle()).toMatchObject({ writes: 0 });
});
