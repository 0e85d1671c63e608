import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type HereTask, SyncWorld } from '../../support/sync-world.js';
import { expectBothSidesEqual } from './both-sides.js';
import { anotherAddress, CLIENT, logIn } from './log-in.js';

const MINUTE = 60_000;

interface Status {
  connected: boolean;
  advice: string;
  waiting: number;
  problems: number;
  last_failure: string | null;
  open_alarms: number;
}

describe('an org that is changed while it syncs', () => {
  let world: SyncWorld;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 1, env: CLIENT });
    expect((await logIn(world)).status).toBe(200);
    await world.enrol();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.control('DELETE', 'faults');
    await world.sync();
  });

  const status = () => world.call<Status>('GET', '/v1/salesforce/task-sync/status');
  const taken = async () => {
    const { byKind } = await world.control<{ byKind: Record<string, number> }>('GET', 'calls');
    return Object.values(byKind).reduce((sum, calls) => sum + calls, 0);
  };

  async function make(count: number, name: string): Promise<HereTask[]> {
    const tasks: HereTask[] = [];
    for (let n = 0; n < count; n++) tasks.push(await world.createHere({ name: `${name} ${n}` }));
    await world.sync();
    return tasks;
  }

  async function pass(duration: number, step = 2 * MINUTE): Promise<void> {
    for (let passed = 0; passed < duration; passed += step) {
      world.clock.advance(step);
      await world.quiesce();
    }
  }

  describe('My Domain moved', () => {
    it('in the middle of a push: it goes on at the new address, and nothing doubles', async () => {
      const [edited, deleted] = (await make(2, 'moves along')) as [HereTask, HereTask];
      const moved = await anotherAddress(world);
      try {
        await world.editHere(edited.id, { details: 'on its way' });
        await world.deleteHere(deleted.id);
        const made = await world.createHere({ name: 'made on the way' });
        const there = await world.createThere({ Subject: 'made there on the way' });
        await world.control('POST', 'org', { instanceUrl: moved.url });
        // The old address takes the read, and redirects the write.
        await world.fault({ path: '/services/data' }, { status: 301 }, { skip: 1 });
        await world.quiesce();
        expect((await world.control<{ struck: number }[]>('GET', 'faults'))[0]?.struck).toBe(1);
        expect(await world.thereOf(edited.id)).toMatchObject({ Description: 'on its way' });
        expect(await world.allThere(`WHERE Subject = 'made on the way'`)).toHaveLength(1);
        await world.sync();
        expect(await world.linkedTo(there)).toHaveLength(1);
        // From the write on, all calls go there, and so do people who follow a link.
        expect(moved.requests()).toBeGreaterThan(3);
        const before = moved.requests();
        await world.control('DELETE', 'calls');
        await world.sync();
        expect(moved.requests() - before).toBe(await taken());
        const { salesforce } = (await world.here(made.id)) as { salesforce: { url?: string } | null };
        expect(salesforce?.url).toMatch(new RegExp(`^${moved.url}/`));
        await expectBothSidesEqual(world);
      } finally {
        await world.control('POST', 'org', { instanceUrl: world.org.url });
        await world.control('DELETE', 'sessions', {});
        await world.sync();
        await moved.close();
      }
    });
  });

  describe('the org’s id changed, as after a sandbox refresh', () => {
    it('refuses to go on: nothing is written, the work is kept, and the right org resumes it', async () => {
      const [edited, deleted, untouched] = (await make(3, 'of the first org')) as [HereTask, HereTask, HereTask];
      const { orgId } = await world.control<{ orgId: string }>('GET', 'state');
      await world.control('POST', 'org', { id: '00D000000000999' });
      await world.control('DELETE', 'sessions', {});
      // A copy of an older state: what was made since is not in it.
      const copy = await everythingThere();
      await world.org.pool.query(`DELETE FROM sf_task WHERE subject = 'of the first org 2'`);
      await world.editHere(edited.id, { details: 'while the org is another' });
      await world.deleteHere(deleted.id);
      await world.createHere({ name: 'made while the org is another' });
      const inTheCopy = await everythingThere();
      await world.quiesce();
      await world.control('DELETE', 'calls');
      await pass(30 * MINUTE);
      expect(await taken()).toBe(0);
      expect(await everythingThere()).toEqual(inTheCopy);
      expect((await world.rowHere(untouched.id)).deleted).toBe(false);
      const stopped = await status();
      expect(stopped).toMatchObject({ connected: false, waiting: 3, problems: 0 });
      expect(stopped.advice).toContain('The log-in now leads to another Salesforce org');
      expect(stopped.advice).toContain('Log in to the org that this team belongs to');

      // Nor can the other one take its place.
      const refused = await logIn(world);
      expect(refused.text).toContain('nothing was changed');
      await pass(5 * MINUTE);
      expect(await everythingThere()).toEqual(inTheCopy);

      await world.control('POST', 'org', { id: orgId });
      const missing = copy.filter(({ id }) => !inTheCopy.some((row) => row.id === id));
      for (const row of missing) await insertThere(row);
      expect((await logIn(world)).status).toBe(200);
      await world.sync();
      expect(await status()).toMatchObject({ connected: true, waiting: 0 });
      expect(await world.thereOf(edited.id)).toMatchObject({ Description: 'while the org is another' });
      expect(await world.allThere(`WHERE Subject = 'made while the org is another'`)).toHaveLength(1);
      expect((await world.rowHere(untouched.id)).deleted).toBe(false);
      await expectBothSidesEqual(world);
    });

    const everythingThere = async () =>
      (await world.org.pool.query<{ id: string }>('SELECT * FROM sf_task ORDER BY id')).rows;
    const insertThere = (row: object) =>
      world.org.pool.query('INSERT INTO sf_task SELECT * FROM jsonb_populate_record(NULL::sf_task, $1)', [
        JSON.stringify(row),
      ]);
  });

  describe('a permission is lost', () => {
    const PROBLEMS = '/v1/salesforce/task-sync/problems';
    const problems = async () =>
      (await world.call<{ data: Record<string, unknown>[] }>('GET', `${PROBLEMS}?limit=100`)).data;

    it('View All Data: edits on both sides wait, nothing is deleted, and all of them meet when it is back', async () => {
      const tasks = await make(25, 'out of sight');
      await world.control('PATCH', `users/${world.integrationUserId}`, { viewAllData: false });
      const ids = await Promise.all(tasks.map(async ({ id }) => (await world.here(id)).salesforce?.id ?? ''));
      for (const { id } of tasks) await world.editHere(id, { details: 'edited blind' });
      await world.editThere(ids[0] ?? '', { ActivityDate: '2026-09-01' });
      await world.deleteThere(ids[1] ?? '');
      await pass(20 * MINUTE);
      for (const { id } of tasks) expect((await world.rowHere(id)).deleted).toBe(false);
      expect(await status()).toMatchObject({ open_alarms: 1 });

      await world.control('PATCH', `users/${world.integrationUserId}`, { viewAllData: true });
      await pass(31 * MINUTE);
      expect(await status()).toMatchObject({ open_alarms: 0, waiting: 0 });
      expect(await world.there(ids[0] ?? '')).toMatchObject({
        ActivityDate: '2026-09-01',
        Description: 'edited blind',
      });
      expect((await world.rowHere(tasks[1]?.id ?? '')).deleted).toBe(true);
      await expectBothSidesEqual(world);
    });

    it('to edit one field: what sets it is parked, all else goes, and a retry of the kind mends it', async () => {
      const [first, second, third] = (await make(3, 'read only')) as [HereTask, HereTask, HereTask];
      const message = 'Unable to create/update fields: Description. Please check the security settings of this field.';
      const rows = { setting: 'Description', statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE', message };
      await world.fault({ path: '/services/data' }, { rows }, { times: null });
      await world.editHere(first.id, { details: 'not to be written' });
      await world.editHere(second.id, { priority: 'high' });
      await world.editHere(third.id, { details: 'nor this', priority: 'high' });
      const created = await world.createHere({ name: 'created with details', details: 'nor this' });
      const plain = await world.createHere({ name: 'created without' });
      await world.sync();
      expect(await world.thereOf(second.id)).toMatchObject({ Priority: 'High' });
      expect(await world.thereOf(plain.id)).toMatchObject({ Subject: 'created without' });
      const parked = [first.id, third.id, created.id];
      const open = await problems();
      expect(open.map((problem) => problem['task_id']).sort()).toEqual([...parked].sort());
      for (const problem of open) {
        expect(problem).toMatchObject({
          ...{ code: 'INVALID_FIELD_FOR_INSERT_UPDATE', message, fields: ['Description'], waits_for_a_person: true },
          ...{ sentence: 'A field cannot be written in Salesforce.', behaviour: 'park' },
        });
        expect(problem['advice']).toContain('Give the integration user edit access to the field named in the message');
      }
      // What is changed there still comes.
      await world.editThere((await world.thereOf(second.id)).Id, { Description: 'written there' });
      await pass(20 * MINUTE);
      expect(await world.here(second.id)).toMatchObject({ details: 'written there' });
      await expectBothSidesEqual(world, { parked });

      await world.control('DELETE', 'faults');
      expect(await world.call('POST', `${PROBLEMS}/retry`, { code: 'INVALID_FIELD_FOR_INSERT_UPDATE' })).toEqual({
        retried: 3,
      });
      await world.sync();
      expect(await problems()).toEqual([]);
      expect(await world.allThere(`WHERE Subject = 'created with details'`)).toHaveLength(1);
      await expectBothSidesEqual(world);
    });

    it('to change some records: these are parked with what to do', async () => {
      const [mine, locked] = (await make(2, 'whose')) as [HereTask, HereTask];
      const { Id } = await world.thereOf(locked.id);
      const rows = { ids: [Id], statusCode: 'INSUFFICIENT_ACCESS_OR_READONLY', message: 'insufficient access rights' };
      await world.fault({ path: '/services/data' }, { rows }, { times: null });
      await world.editHere(mine.id, { details: 'mine' });
      await world.deleteHere(locked.id);
      await world.sync();
      expect(await world.thereOf(mine.id)).toMatchObject({ Description: 'mine' });
      expect(await problems()).toMatchObject([
        {
          ...{ task_id: locked.id, code: 'INSUFFICIENT_ACCESS_OR_READONLY', waits_for_a_person: true },
          sentence: 'The integration user may not change this record.',
        },
      ]);
      expect((await world.there(Id)).IsDeleted).toBe(false);
      await world.control('DELETE', 'faults');
      await world.call('POST', `${PROBLEMS}/retry`, { code: 'INSUFFICIENT_ACCESS_OR_READONLY' });
      await world.sync();
      expect((await world.there(Id)).IsDeleted).toBe(true);
      await expectBothSidesEqual(world);
    });

    it('to use the API: it rests with growing pauses, says why, keeps the work and goes on', async () => {
      const [task] = (await make(1, 'no API')) as [HereTask];
      const message = 'The REST API is not enabled for this Organization.';
      const error = { status: 403, errorCode: 'API_DISABLED_FOR_ORG', message };
      await world.fault({ path: '/services/data' }, { error }, { times: null });
      await world.editHere(task.id, { details: 'waits for the API' });
      await pass(15 * MINUTE, 20_000);
      const [fault] = await world.control<{ struck: number }[]>('GET', 'faults');
      // 45 looks; the pauses grow to five minutes, with jitter.
      expect(fault?.struck).toBeLessThan(25);
      expect(await status()).toMatchObject({ waiting: 1, last_failure: message });
      await world.control('DELETE', 'faults');
      await pass(6 * MINUTE);
      expect(await world.thereOf(task.id)).toMatchObject({ Description: 'waits for the API' });
      await expectBothSidesEqual(world);
    });
  });
});
