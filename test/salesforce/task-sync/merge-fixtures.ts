import { BLANK_TASK, type TaskValues } from '../../../src/command-center/tasks/task-values.js';
import { hereOf, type Mapping } from '../../../src/salesforce/task-sync/mapping.js';
import type { LinkBase, SalesforceFields } from '../../../src/salesforce/task-sync/task-fields.js';

export const OWNER = '005000000000001AAA';
export const task: TaskValues = {
  ...BLANK_TASK,
  name: 'Call Ada',
  dueDate: '2026-03-01',
  details: 'Notes',
  assigneeId: 'ada',
};
export const fields: SalesforceFields = {
  Subject: 'Call Ada',
  Status: 'Not Started',
  Priority: 'Normal',
  ActivityDate: '2026-03-01',
  Description: 'Notes',
  ReminderDateTime: null,
  OwnerId: OWNER,
  WhoId: null,
  WhatId: null,
};
export const base: LinkBase = { there: fields, here: hereOf(task) };
export const mapping: Mapping = {
  schema: {
    statuses: [
      { value: 'Not Started', isClosed: false, isDefault: true },
      { value: 'In Progress', isClosed: false, isDefault: false },
      { value: 'Completed', isClosed: true, isDefault: false },
      { value: 'Closed elsewhere', isClosed: true, isDefault: false },
    ],
    priorities: [
      { value: 'High', isHigh: true, isDefault: false },
      { value: 'Normal', isHigh: false, isDefault: true },
    ],
    keyField: 'ready',
  },
  settings: {
    conflictPolicy: 'latest',
    subjectTemplate: '{{activity_subject}}',
    openStatus: null,
    completedStatus: null,
    skippedAs: 'completed',
    skippedStatus: null,
  },
  salesforceUserOf: (id) => (id === 'ada' ? OWNER : id === 'bob' ? '005000000000002AAA' : undefined),
  enrolledUserOf: (id) => (id === OWNER ? 'ada' : undefined),
  personOf: () => undefined,
  nameOf: () => undefined,
};
