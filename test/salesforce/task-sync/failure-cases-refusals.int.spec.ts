import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type HereTask, type Rep, SyncWorld } from '../../support/sync-world.js';
import { expectBothSidesEqual } from './both-sides.js';

interface Problem {
  id: string;
  code: string;
  category: string;
  behaviour: string;
  sentence: string;
  advice: string;
  message: string;
  waits_for_a_person: boolean;
}

const STATUSES = [
  { value: 'Not Started', isDefault: true },
  { value: 'In Progress' },
  { value: 'Completed', isClosed: true },
];
const SET_ASIDE = { value: 'Set aside', isClosed: true };

describe('13. one bad row among 200', () => {
  let world: SyncWorld;
  let ann: Rep;
  let bob: Rep;
  let tasks: HereTask[];
  let bad: HereTask;
  let priorities = 0;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 2 });
    [ann, bob] = world.reps as [Rep, Rep];
    await world.enrol();
    tasks = await Promise.all(Array.from({ length: 200 }, (_, n) => world.createHere({ name: `row ${n}` })));
    bad = tasks[77] as HereTask;
    await world.sync();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.control('DELETE', 'validation-rules');
    await world.control('POST', 'picklists/Status', { values: [...STATUSES, SET_ASIDE] });
    await world.control('PATCH', `users/${bob.salesforceId}`, { isActive: true });
  });

  /** Changes all 200 and lets them go, in so many calls. */
  async function pushAll(calls = 1): Promise<void> {
    const priority = ['high', 'low', 'normal'][priorities++ % 3];
    const ids = tasks.map(({ id }) => id);
    await world.call('POST', '/v1/tasks/bulk', { ids, action: 'set_priority', priority });
    await world.control('DELETE', 'calls');
    await world.quiesce();
    expect(await writes()).toBe(calls);
    const there = await world.allThere(`WHERE Priority = '${priority?.replace(/^./, (first) => first.toUpperCase())}'`);
    expect(there.map(({ Subject }) => Subject).length).toBeGreaterThanOrEqual(199);
  }

  /** Write calls since the last DELETE of the counts. */
  async function writes(): Promise<number> {
    const { byKind } = await world.control<{ byKind: Record<string, number> }>('GET', 'calls');
    return Object.entries(byKind).reduce(
      (sum, [kind, calls]) => sum + (/^(POST|PATCH|DELETE) composite\/sobjects$|^composite$/.test(kind) ? calls : 0),
      0,
    );
  }

  async function problems(): Promise<Problem[]> {
    return (await world.call<{ data: Problem[] }>('GET', `/v1/salesforce/task-sync/problems?task_id=${bad.id}`)).data;
  }

  /** Parked with its reason, and left alone: nobody asks again for a ten minutes. */
  async function expectParked(expected: Partial<Record<keyof Problem, unknown>>): Promise<Problem> {
    const [problem, ...others] = await problems();
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      ...{ category: 'access_or_validation', behaviour: 'park', waits_for_a_person: true },
      ...expected,
    });
    expect(problem?.advice).toMatch(/then retry\.$/);
    expect((await world.here(bad.id)).salesforce?.state).toBe('problem');
    expect(await world.call('GET', '/v1/salesforce/task-sync/status')).toMatchObject({ waiting: 0 });
    await world.control('DELETE', 'calls');
    for (let round = 0; round < 20; round++) {
      world.clock.advance(31_000);
      await world.quiesce();
    }
    expect(await writes()).toBe(0);
    await expectBothSidesEqual(world, { parked: [bad.id] });
    return problem as Problem;
  }

  async function expectSolved(): Promise<void> {
    await world.sync();
    expect(await problems()).toEqual([]);
    await expectBothSidesEqual(world);
  }

  const retry = ({ id }: Problem) => world.call('POST', `/v1/salesforce/task-sync/problems/${id}/retry`, {});

  it('against a validation rule: parked until the task is edited', async () => {
    await world.control('POST', 'validation-rules', {
      name: 'No gossip',
      field: 'Description',
      matches: 'gossip',
      message: 'Write facts, not gossip.',
    });
    await world.editHere(bad.id, { details: 'some gossip' });
    await pushAll();
    await expectParked({
      code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      message: 'Write facts, not gossip.',
      sentence: 'A validation rule in Salesforce refuses the record.',
    });
    await world.editHere(bad.id, { details: 'facts' });
    await expectSolved();
    expect((await world.thereOf(bad.id)).Description).toBe('facts');
  });

  it('against a validation rule that is gone later: parked until somebody retries', async () => {
    await world.control('POST', 'validation-rules', { field: 'ActivityDate', matches: '^2031', message: 'Too far.' });
    await world.editHere(bad.id, { due_date: '2031-01-01' });
    await pushAll();
    const problem = await expectParked({ code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Too far.' });
    await world.control('DELETE', 'validation-rules');
    await retry(problem);
    await expectSolved();
    expect((await world.thereOf(bad.id)).ActivityDate).toBe('2031-01-01');
  });

  it('with a value that its picklist no longer has: parked until the value is back', async () => {
    await world.call('POST', '/v1/salesforce/task-sync/sync-now');
    await world.quiesce();
    await world.call('PUT', '/v1/salesforce/task-sync/settings', { skipped_as: 'status', skipped_status: 'Set aside' });
    await world.control('POST', 'picklists/Status', { values: STATUSES });
    await world.act(bad.id, 'skip');
    await pushAll();
    const problem = await expectParked({
      code: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      sentence: 'A value is not in its picklist in Salesforce.',
      message: expect.stringContaining('Set aside'),
    });
    await world.control('POST', 'picklists/Status', { values: [...STATUSES, SET_ASIDE] });
    await retry(problem);
    await expectSolved();
    expect((await world.thereOf(bad.id)).Status).toBe('Set aside');
    await world.act(bad.id, 'reopen');
    await expectSolved();
  });

  it('of an inactive owner: parked until the user is active again', async () => {
    await world.control('PATCH', `users/${bob.salesforceId}`, { isActive: false });
    await world.editHere(bad.id, { assignee_id: bob.userId });
    await pushAll();
    const problem = await expectParked({
      code: 'INACTIVE_OWNER_OR_USER',
      sentence: 'The owner is deactivated in Salesforce.',
    });
    await world.control('PATCH', `users/${bob.salesforceId}`, { isActive: true });
    await retry(problem);
    await expectSolved();
    expect((await world.thereOf(bad.id)).OwnerId).toBe(bob.salesforceId);
    await world.editHere(bad.id, { assignee_id: ann.userId });
    await expectSolved();
  });

  it('about a lead that was converted: follows it to its contact', async () => {
    const [lead, another] = await openLeads();
    const person = await personOf(lead);
    const { contactId } = await world.control<{ contactId: string }>('POST', `leads/${lead}/convert`);
    await world.editHere(bad.id, { person_id: person });
    // All 200, and the one again.
    await pushAll(2);
    expect(await problems()).toEqual([]);
    expect(await world.thereOf(bad.id)).toMatchObject({ WhoId: contactId });
    expect(await world.here(bad.id)).toMatchObject({ who_id: contactId });

    // A new task, too; and of two tasks each goes its own way.
    const second = await personOf(another);
    const converted = await world.control<{ contactId: string }>('POST', `leads/${another}/convert`);
    const made = await world.createHere({ name: 'made after the conversion', person_id: second });
    await world.editHere(bad.id, { person_id: second });
    await world.control('DELETE', 'calls');
    await world.quiesce();
    for (const { id } of [made, bad]) expect((await world.thereOf(id)).WhoId).toBe(converted.contactId);
    expect(await world.allThere(`WHERE Subject = 'made after the conversion'`)).toHaveLength(1);
    await expectSolved();
  });

  it('about a lead that was converted, of which Salesforce cannot be asked at once: follows it later', async () => {
    const [lead] = await openLeads();
    const person = await personOf(lead);
    const { contactId } = await world.control<{ contactId: string }>('POST', `leads/${lead}/convert`);
    await world.editHere(bad.id, { person_id: person });
    await world.fault({ path: 'composite/sobjects/Lead' }, { limit: 'concurrent' });
    await pushAll();
    await world.recover();
    expect(await world.thereOf(bad.id)).toMatchObject({ WhoId: contactId });
    await expectSolved();
  });

  it('about a converted lead whose contact is not to be seen: parked', async () => {
    const [lead] = await openLeads();
    const person = await personOf(lead);
    await world.control('POST', `leads/${lead}/convert`);
    await world.org.pool.query('UPDATE sf_lead SET converted_contact_id = NULL WHERE id = $1', [lead]);
    await world.editHere(bad.id, { person_id: person });
    await pushAll();
    await expectParked({ code: 'CANNOT_UPDATE_CONVERTED_LEAD', category: 'other' });
    await world.editHere(bad.id, { person_id: null });
    await expectSolved();
  });

  it('with a name of 256 characters: cut there, whole here, not parked', async () => {
    const name = `${'n'.repeat(254)}😀`;
    await world.editHere(bad.id, { name });
    await pushAll();
    expect(await problems()).toEqual([]);
    expect((await world.thereOf(bad.id)).Subject).toBe('n'.repeat(254));
    await expectSolved();
    expect((await world.here(bad.id)).name).toBe(name);
  });

  async function openLeads(): Promise<[string, string]> {
    const { rows } = await world.org.pool.query<{ id: string }>(
      'SELECT id FROM sf_lead WHERE NOT is_converted ORDER BY id LIMIT 2',
    );
    return rows.map(({ id }) => id) as [string, string];
  }

  async function personOf(lead: string): Promise<string> {
    const person = { name: `Person of ${lead}`, shared: true, salesforce_ids: [lead] };
    return (await world.call<{ id: string }>('POST', '/v1/people', person)).id;
  }
});
