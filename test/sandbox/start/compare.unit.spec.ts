import { describe, expect, it } from '@jest/globals';
import { compare } from '../../../src/sandbox/start/compare.js';
import type { HereTask, RepRow, Rows, ThereTask } from '../../../src/sandbox/start/compare-types.js';

const ENROLLED = new Date('2026-03-10T12:00:00Z');
const LONG_AGO = new Date('2026-01-05T09:00:00Z');
const SINCE = new Date('2026-03-10T13:00:00Z');

const OPEN_REP: RepRow = {
  userId: 'u-ann',
  email: 'ann@x.example',
  salesforceUserId: '005ANN',
  scope: 'open',
  enrolledAt: ENROLLED,
};
const ALL_REP: RepRow = {
  userId: 'u-bob',
  email: 'bob@x.example',
  salesforceUserId: '005BOB',
  scope: 'all',
  enrolledAt: ENROLLED,
};

const there = (changes: Partial<ThereTask> = {}): ThereTask => ({
  id: '00T1',
  subject: 'Call Grace',
  status: 'Not Started',
  priority: 'Normal',
  activityDate: '2026-03-12',
  description: 'Two\nlines',
  isReminderSet: true,
  reminderAt: new Date('2026-03-12T09:00:00Z'),
  ownerId: '005ANN',
  whoId: '003GRACE',
  whoName: 'Grace Harper',
  whoEmail: 'Grace@Customer.example',
  whatId: '001ACME',
  whatName: 'Acme',
  taskSubtype: 'Task',
  isClosed: false,
  isDeleted: false,
  isRecurrence: false,
  createdAt: LONG_AGO,
  completedAt: null,
  lastModifiedAt: LONG_AGO,
  key: null,
  ...changes,
});

const here = (changes: Partial<HereTask> = {}): HereTask => ({
  id: 'task-1',
  name: 'Call Grace',
  status: 'open',
  priority: 'normal',
  dueDate: '2026-03-12',
  details: 'Two\nlines',
  reminderAt: new Date('2026-03-12T09:00:00.400Z'),
  assigneeId: 'u-ann',
  assigneeEmail: 'ann@x.example',
  personName: 'Grace Harper',
  personEmail: 'grace@customer.example',
  whoId: '003GRACE',
  whatId: '001ACME',
  whatName: 'Acme',
  isDeleted: false,
  isAway: false,
  imported: true,
  createdAt: SINCE,
  salesforceId: '00T1',
  ...changes,
});

function rows(changes: { there?: ThereTask[]; before?: ThereTask[]; here?: HereTask[] } = {}): Rows {
  const present = changes.there ?? [there()];
  return {
    there: present,
    thereBefore: changes.before ?? present,
    here: changes.here ?? [here()],
    reps: [OPEN_REP, ALL_REP],
    emails: new Map([
      ['005ANN', 'ann@x.example'],
      ['005BOB', 'bob@x.example'],
      ['005EVE', 'eve@x.example'],
    ]),
  };
}

const fieldsOf = (input: Rows): string[] => compare(input).differences.map(({ field }) => field);

describe('the comparison of both sides', () => {
  it('finds nothing where both say the same', () => {
    expect(compare(rows())).toEqual({ there: 1, here: 1, differences: [] });
  });

  it('takes for the same what Salesforce cannot tell apart', () => {
    const name = `${'x'.repeat(200)}\r\n${'y'.repeat(100)}`;
    const subject = `${'x'.repeat(200)} ${'y'.repeat(54)}`;
    expect(fieldsOf(rows({ here: [here({ name })], there: [there({ subject })] }))).toEqual([]);
    expect(fieldsOf(rows({ here: [here({ details: ' a\r\nb ' })], there: [there({ description: 'a\nb' })] }))).toEqual(
      [],
    );
    expect(fieldsOf(rows({ here: [here({ details: '' })], there: [there({ description: null })] }))).toEqual([]);
    const unset = there({ isReminderSet: false });
    expect(fieldsOf(rows({ here: [here({ reminderAt: null })], there: [unset] }))).toEqual([]);
    // A priority of the org's own has no counterpart; a skipped task is closed there.
    expect(fieldsOf(rows({ there: [there({ priority: 'Urgent' })] }))).toEqual([]);
    expect(
      fieldsOf(rows({ here: [here({ status: 'skipped' })], there: [there({ isClosed: true })], before: [there()] })),
    ).toEqual([]);
  });

  it.each<[string, Partial<HereTask>]>([
    ['name', { name: 'Call Grace!' }],
    ['status', { status: 'completed' }],
    ['priority', { priority: 'high' }],
    ['due date', { dueDate: '2026-03-13' }],
    ['due date', { dueDate: null }],
    ['details', { details: 'Two lines' }],
    ['reminder', { reminderAt: new Date('2026-03-12T09:00:01Z') }],
    ['reminder', { reminderAt: null }],
    ['assignee', { assigneeId: 'u-bob', assigneeEmail: 'bob@x.example' }],
    ['who', { whoId: '00QGRACE' }],
    ['person', { personEmail: 'other@customer.example' }],
    ['related record', { whatId: null }],
    ['related name', { whatName: 'Acme Ltd' }],
  ])('tells of a planted difference in %s: %j', (field, changes) => {
    expect(fieldsOf(rows({ here: [here(changes)] }))).toContain(field);
  });

  it('shows both values of a difference, and which task it is', () => {
    expect(compare(rows({ here: [here({ name: 'Other' })] })).differences).toEqual([
      { salesforceId: '00T1', taskId: 'task-1', field: 'name', here: '"Other"', there: '"Call Grace"' },
    ]);
  });

  it.each<[string, HereTask[], string]>([
    ['missing', [], 'missing'],
    ['deleted', [here({ isDeleted: true })], 'deleted'],
    ['away', [here({ isAway: true })], 'away'],
  ])('tells of a task that is %s here', (_, mine, shown) => {
    expect(compare(rows({ here: mine })).differences).toMatchObject([
      { field: 'task', here: shown, there: '"Call Grace"' },
    ]);
  });

  it('tells of a task that is here though it was deleted there, or gone for good', () => {
    expect(fieldsOf(rows({ there: [there({ isDeleted: true })], before: [there()] }))).toEqual(['task']);
    expect(fieldsOf(rows({ there: [], before: [there()] }))).toEqual(['task']);
  });

  it('tells of a deletion here that did not reach Salesforce, and of one that did says nothing', () => {
    const mine = [here({ isDeleted: true })];
    expect(fieldsOf(rows({ here: mine }))).toEqual(['task']);
    expect(fieldsOf(rows({ here: mine, there: [there({ isDeleted: true })] }))).toEqual([]);
  });

  it('tells of a task that stays in a list after it left the reps who sync', () => {
    const left = [there({ ownerId: '005EVE', lastModifiedAt: SINCE })];
    expect(fieldsOf(rows({ there: left, before: [there()] }))).toEqual(['task']);
    expect(fieldsOf(rows({ there: left, before: [there()], here: [here({ isAway: true })] }))).toEqual([]);
  });

  it('tells of a task that was made here and never reached Salesforce', () => {
    const mine = here({ imported: false, salesforceId: null, createdAt: SINCE });
    expect(compare(rows({ there: [], here: [mine] })).differences).toMatchObject([{ there: 'never created' }]);
    // What a rep had before the sync stays here.
    expect(fieldsOf(rows({ there: [], here: [{ ...mine, createdAt: LONG_AGO }] }))).toEqual([]);
  });

  it('tells of doubles on either side', () => {
    expect(fieldsOf(rows({ here: [here(), here({ id: 'task-2' })] }))).toContain('double');
    const made = here({ imported: false });
    const twice = [there({ key: 'task-1.1' }), there({ id: '00T2', key: 'TASK-1.2' })];
    expect(fieldsOf(rows({ there: twice, before: [], here: [made] }))).toContain('double');
  });

  it('tells of a record that bears another task’s key', () => {
    const made = here({ imported: false });
    const strange = there({ key: 'task-9.1', createdAt: SINCE, lastModifiedAt: SINCE });
    expect(fieldsOf(rows({ there: [strange], before: [], here: [made] }))).toEqual(['key']);
  });

  describe('what of Salesforce must be here', () => {
    const closed = { isClosed: true, completedAt: new Date('2026-01-20T09:00:00Z') };
    const nobody = { here: [] as HereTask[] };

    it.each<[string, Partial<ThereTask>]>([
      ['a master of a recurring series', { isRecurrence: true }],
      ['a logged email', { taskSubtype: 'Email' }],
      ['a list email', { taskSubtype: 'ListEmail' }],
      ['a cadence task', { taskSubtype: 'Cadence' }],
      ['a logged call', { isClosed: true, completedAt: LONG_AGO, ownerId: '005BOB' }],
      ['a task of a queue', { ownerId: '00GQUEUE' }],
      ['a colleague’s task', { ownerId: '005EVE' }],
      ['an old completed task where only open ones were wanted', closed],
    ])('not %s', (_, changes) => {
      expect(compare(rows({ ...nobody, there: [there(changes)] }))).toMatchObject({ there: 0, differences: [] });
    });

    it('and says so when one of them is', () => {
      const logged = there({ taskSubtype: 'Email' });
      expect(compare(rows({ there: [logged] })).differences).toMatchObject([{ there: 'not to be imported' }]);
    });

    it.each<[string, Partial<ThereTask>]>([
      ['an open task', {}],
      ['an old completed task where all were wanted', { ...closed, ownerId: '005BOB' }],
      ['a task that was completed in the day before', { ...closed, lastModifiedAt: new Date('2026-03-10T02:00:00Z') }],
    ])('but %s', (_, changes) => {
      expect(compare(rows({ ...nobody, there: [there(changes)] }))).toMatchObject({
        there: 1,
        differences: [{ field: 'task' }],
      });
    });

    it('and one that came to the rep since', () => {
      const now = there({ ...closed, lastModifiedAt: SINCE });
      const before = there({ ...closed, ownerId: '005EVE' });
      expect(compare(rows({ ...nobody, there: [now], before: [before] })).there).toBe(1);
    });
  });
});
