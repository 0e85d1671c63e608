import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SalesforceActivityList } from '../../../src/salesforce/people-activity/people-activity.dto.js';
import { bearer } from '../../support/app.js';
import { type Rep, SyncWorld } from '../../support/sync-world.js';

let world: SyncWorld;
let rep: Rep;
let personId: string;
let contactId: string;

beforeAll(async () => {
  world = await SyncWorld.create({ reps: 2 });
  [rep] = world.reps as [Rep];
  const contact = { OwnerId: rep.salesforceId, LastName: 'Hopper' };
  ({ id: contactId } = await world.control<{ id: string }>('POST', `as/${rep.salesforceId}/sobjects/Contact`, contact));
  const body = { name: 'Grace Hopper', salesforce_ids: [contactId] };
  ({ id: personId } = await world.call<{ id: string }>('POST', '/v1/people', body, rep));
  const done = { WhoId: contactId, Status: 'Completed' };
  await world.createThere({ ...done, Subject: 'Logged call', TaskSubtype: 'Call', CallDisposition: 'Reached' });
  world.clock.advance(60_000);
  await world.createThere({ ...done, Subject: 'Logged email', TaskSubtype: 'Email' });
  await world.createThere({ WhoId: contactId, Subject: 'Still to do' });
  await world.createThere({ ...done, Subject: 'By a colleague' }, world.reps[1]);
});
afterAll(() => world.close());

const of = async (by: Rep | undefined) =>
  (await world.call<SalesforceActivityList>('GET', `/v1/people/${personId}/salesforce-activity`, undefined, by)).data;

test('shows what was done in Salesforce, the newest first; of a rep their own, to admins all', async () => {
  const own = await of(rep);
  expect(own.map(({ kind, subject, result }) => [kind, subject, result])).toEqual([
    ['email', 'Logged email', null],
    ['call', 'Logged call', 'Reached'],
  ]);
  expect(own[1]?.at).toBe('2026-03-04T10:00:00.000Z');
  expect(own[0]?.owner).not.toBe('');
  expect((await of(undefined)).map(({ subject }) => subject)).toContain('By a colleague');
});

test('is of people whom one sees, and asks nobody about those whom Salesforce does not know', async () => {
  const path = `/v1/people/${personId}/salesforce-activity`;
  expect((await world.test.http.get(path).set(bearer(world.reps[1]!.key))).status).toBe(404);
  const { id } = await world.call<{ id: string }>('POST', '/v1/people', { name: 'Unknown there' }, rep);
  expect(await world.call('GET', `/v1/people/${id}/salesforce-activity`, undefined, rep)).toEqual({ data: [] });
});
