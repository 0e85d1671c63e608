import { describe, expect, it } from '@jest/globals';
import type { TaskValues } from '../../../src/command-center/tasks/task-values.js';
import { decide, type DecideInput } from '../../../src/salesforce/task-sync/decide.js';
import type { Link } from '../../../src/salesforce/task-sync/links.repository.js';
import type { Mapping } from '../../../src/salesforce/task-sync/mapping.js';
import type { TaskRecord } from '../../../src/salesforce/task-sync/remote-task.js';
import type { LinkBase, SalesforceFields } from '../../../src/salesforce/task-sync/task-fields.js';
import { base, fields, mapping, task } from './merge-fixtures.js';

const US = '005000000000009AAA';
const SOMEBODY = '005000000000001AAA';
const link: Link = {
  taskId: 'one',
  salesforceId: '00T000000000001AAA',
  keyGeneration: 1,
  base,
  sent: null,
  doubts: null,
  dueSince: null,
  dueGeneration: 0,
  notBefore: null,
  attempts: 0,
  parkedCode: null,
  frozen: false,
  deletedThere: false,
  archived: false,
};
const DELETED: Partial<TaskValues> = { deletedAt: '2026-02-01T11:00:00.000Z' };

function record(there: Partial<SalesforceFields>, by = SOMEBODY): TaskRecord {
  const all = { ...fields, ...there };
  return {
    ...all,
    OwnerId: String(all.OwnerId),
    Id: '00T000000000001AAA',
    IsReminderSet: false,
    TaskSubtype: 'Task',
    IsRecurrence: false,
    IsClosed: all.Status === 'Completed',
    IsDeleted: false,
    IsArchived: false,
    CreatedDate: '2026-01-01T10:00:00Z',
    CompletedDateTime: null,
    LastModifiedDate: '2026-02-01T10:30:00Z',
    LastModifiedById: by,
    SystemModstamp: '2026-02-01T10:30:00Z',
  };
}

function run(here: Partial<TaskValues>, remote: TaskRecord, more: Partial<DecideInput> = {}) {
  return decide({
    task: { ...task, ...here },
    taskId: 'one',
    link,
    remote,
    mapping,
    hereChangedAt: () => new Date('2026-02-01T11:00:00Z'),
    ownSalesforceUserId: US,
    skewMs: 0,
    at: '2026-02-01T12:00:00.000Z',
    ...more,
  });
}
const withSettings = (settings: Partial<Mapping['settings']>): Mapping => ({
  ...mapping,
  settings: { ...mapping.settings, ...settings },
});
const withBase = (known: LinkBase | null): Link => ({ ...link, base: known });

describe('a deletion here over an edit there', () => {
  const edited = record({ Description: 'edited there' });

  it('is told once, and again only for another edit', () => {
    const first = run(DELETED, edited);
    expect(first.write).toEqual({ op: 'delete' });
    expect(first.conflicts).toMatchObject([{ field: 'Description', base: 'Notes', here: null, there: 'edited there' }]);
    const again = { link: withBase(first.base) };
    expect(run(DELETED, edited, again).conflicts).toEqual([]);
    expect(run(DELETED, record({ Description: 'and again' }), again).conflicts).toMatchObject([{ there: 'and again' }]);
  });

  it('lets the edit stand again once the task is back, next to what was edited here', () => {
    const { baseAfterWrite } = run(DELETED, edited);
    const back = run({ name: 'renamed here' }, edited, { link: withBase(baseAfterWrite) });
    expect(back.here).toMatchObject({ details: 'edited there', name: 'renamed here' });
    expect(back.write).toMatchObject({ op: 'update', fields: { Subject: 'renamed here' } });
    expect(back.conflicts).toEqual([]);
    expect(back.base?.overridden).toBeUndefined();
  });

  it('is no such thing for an older value of ours that came back late: ours is asked for when the task is back', () => {
    const older = { Subject: 'older', Description: 'older' };
    const doubts: Link['doubts'] = [
      { op: 'update', fields: older, here: { ...base.here, name: 'older' }, at: '2026-02-01T11:50:00.000Z' },
    ];
    const late = record(older, US);
    const gone = run(DELETED, late, { link: { ...link, doubts } });
    expect(gone).toMatchObject({ write: { op: 'delete' }, conflicts: [] });
    // Long after: nothing is in doubt any more.
    const back = run({}, late, { link: withBase(gone.baseAfterWrite), at: '2026-02-01T14:00:00.000Z' });
    expect(back.here).toMatchObject({ name: 'Call Ada', details: 'Notes' });
    expect(back.write).toMatchObject({ op: 'update', fields: { Subject: 'Call Ada', Description: 'Notes' } });
  });

  it('leaves a value that a person asked for over it to that person, whatever the policy', () => {
    const renamed = record({ Subject: 'renamed there' });
    const { baseAfterWrite } = run(DELETED, renamed);
    const asked = { ...baseAfterWrite, exact: { Subject: { there: 'asked for', here: 'Call Ada' } } } as LinkBase;
    const mine = { link: withBase(asked), mapping: withSettings({ conflictPolicy: 'salesforce' }) };
    expect(run({}, renamed, mine)).toMatchObject({ write: { fields: { Subject: 'asked for' } }, conflicts: [] });
  });
});

it('who reopens a skipped task that was deleted there for it edits its status: against the one there', () => {
  const asDeleted = withSettings({ skippedAs: 'deleted', conflictPolicy: 'command_center' });
  const completed = record({ Status: 'Completed' });
  const gone = run({ status: 'skipped' }, completed, { mapping: asDeleted });
  expect(gone.write).toEqual({ op: 'delete' });
  const reopened = run({ status: 'open' }, completed, { mapping: asDeleted, link: withBase(gone.baseAfterWrite) });
  expect(reopened.conflicts).toMatchObject([{ field: 'Status', here: 'Not Started', there: 'Completed' }]);
  expect(reopened.here.status).toBe('open');
});

it.each([
  ['Not Started', 'open'],
  ['Completed', 'completed'],
])('a skipped task that was deleted there for it comes back %s when it is undeleted there', (Status, status) => {
  const asDeleted = withSettings({ skippedAs: 'deleted' });
  const undeleted = record({ Status });
  const gone = {
    ...withBase(run({ status: 'skipped' }, undeleted, { mapping: asDeleted }).baseAfterWrite),
    deletedThere: true,
  };
  const back = run({ status: 'skipped' }, undeleted, { mapping: asDeleted, link: gone });
  expect(back).toMatchObject({ here: { status }, write: null, conflicts: [], deletedThere: false });
});
