import type { TaskPriority, TaskStatus } from '../../command-center/tasks/task.entity.js';
import type { TaskValues } from '../../command-center/tasks/task-values.js';
import { completedStatus, openStatus, type OrgSchema } from './org-schema.js';
import { canonicalText, canonicalTime } from './remote-task.js';
import { PLAIN_TEMPLATE, renderSubject } from './subject-template.js';
import type { LinkBase, SalesforceFields, SyncedField } from './task-fields.js';
import type { TaskSyncSettings } from './task-sync-settings.entity.js';

export type MappingSettings = Pick<
  TaskSyncSettings,
  'subjectTemplate' | 'openStatus' | 'completedStatus' | 'skippedAs' | 'skippedStatus' | 'conflictPolicy'
>;

/** Everything that a value's way from here to there and back depends on, besides the value. */
export interface Mapping {
  schema: OrgSchema;
  settings: MappingSettings;
  /** Salesforce user of one of ours, also of those who do not sync. */
  salesforceUserOf(userId: string): string | undefined;
  /** Who of ours, syncing, is this Salesforce user. */
  enrolledUserOf(salesforceUserId: string): string | undefined;
  personOf(whoId: string): string | undefined;
  nameOf(whatId: string): string | undefined;
}

const TYPE_NAMES: Record<TaskValues['type'], string> = {
  email: 'Email',
  call: 'Call',
  inmail: 'InMail',
  custom: 'Custom',
};
const PRIORITY_NAMES: Record<TaskPriority, string> = { high: 'High', normal: 'Normal', low: 'Low' };

/** The values here that do not follow from Salesforce's alone. */
export function hereOf(task: TaskValues): LinkBase['here'] {
  return { name: task.name, status: task.status, priority: task.priority };
}

/** Whether a field was changed here since both sides agreed. */
export function changedHere(field: SyncedField, task: TaskValues, base: LinkBase, mapping: Mapping): boolean {
  switch (field) {
    case 'Subject':
      return task.name !== base.here.name;
    case 'Status':
      return task.status !== base.here.status;
    case 'Priority':
      return task.priority !== base.here.priority;
    case 'OwnerId': {
      // Away: its owner there is nobody of ours, and that is no change of ours.
      if (task.awaySince) return false;
      const owner = mapping.salesforceUserOf(task.assigneeId);
      return owner !== undefined && owner !== base.there.OwnerId;
    }
    case 'ActivityDate':
    case 'Description':
    case 'ReminderDateTime':
    case 'WhoId':
    case 'WhatId':
      return toThere(field, task, mapping) !== base.there[field];
  }
}

/** The value that the task has to have there. Undefined: there is none to write (no such picklist value, no user). */
export function toThere(field: SyncedField, task: TaskValues, mapping: Mapping): string | null | undefined {
  switch (field) {
    case 'Subject':
      return renderSubject(mapping.settings.subjectTemplate, {
        activity_type: TYPE_NAMES[task.type],
        activity_subject: task.name,
        call_outcome: task.callOutcome,
        call_reason: task.callReason,
      });
    case 'Status':
      return statusThere(task.status, mapping);
    case 'Priority':
      return priorityThere(task.priority, mapping.schema);
    case 'ActivityDate':
      return task.dueDate;
    case 'Description':
      return canonicalText(task.details);
    case 'ReminderDateTime':
      return canonicalTime(task.reminderAt);
    case 'OwnerId':
      return mapping.salesforceUserOf(task.assigneeId);
    case 'WhoId':
      return task.whoId;
    case 'WhatId':
      // Salesforce refuses a related record beside a lead.
      return task.whoId?.startsWith('00Q') ? null : task.whatId;
  }
}

function statusThere(status: TaskStatus, { schema, settings }: Mapping): string {
  switch (status) {
    case 'open':
      return openStatus(schema, settings.openStatus);
    case 'completed':
      return completedStatus(schema, settings.completedStatus);
    case 'skipped':
      return settings.skippedAs === 'status' && settings.skippedStatus
        ? settings.skippedStatus
        : completedStatus(schema, settings.completedStatus);
  }
}

function priorityThere(priority: TaskPriority, schema: OrgSchema): string | undefined {
  const named = schema.priorities.find(({ value }) => value === PRIORITY_NAMES[priority]);
  if (named) return named.value;
  if (priority === 'high') return schema.priorities.find(({ isHigh }) => isHigh)?.value;
  if (priority === 'normal') return schema.priorities.find(({ isDefault }) => isDefault)?.value;
  return undefined;
}

/** What a value there means here; undefined where it has no counterpart and changes nothing. */
export function priorityHere(value: string | null): TaskPriority | undefined {
  const known = (Object.entries(PRIORITY_NAMES) as [TaskPriority, string][]).find(([, name]) => name === value);
  return known?.[0];
}

/** The status here after Salesforce's was read: any closed value completes an open task, skipped stays skipped. */
export function statusHere(isClosed: boolean, present: TaskStatus): TaskStatus {
  if (!isClosed) return 'open';
  return present === 'open' ? 'completed' : present;
}

/** Changes here that a field's value there brings with it. */
export function fromThere(
  field: SyncedField,
  there: SalesforceFields,
  isClosed: boolean,
  task: TaskValues,
  mapping: Mapping,
  at: string,
): Partial<TaskValues> {
  switch (field) {
    case 'Subject':
      // With another template the Subject is our rendering: an edit there stays there.
      return mapping.settings.subjectTemplate.trim() === PLAIN_TEMPLATE && there.Subject ? { name: there.Subject } : {};
    case 'Status': {
      const status = statusHere(isClosed, task.status);
      return status === task.status ? {} : { status, closedAt: status === 'open' ? null : at };
    }
    case 'Priority': {
      const priority = priorityHere(there.Priority);
      return priority ? { priority } : {};
    }
    case 'ActivityDate':
      return { dueDate: there.ActivityDate };
    case 'Description':
      return { details: there.Description };
    case 'ReminderDateTime':
      return { reminderAt: there.ReminderDateTime ? new Date(there.ReminderDateTime).toISOString() : null };
    case 'OwnerId': {
      const assigneeId = there.OwnerId ? mapping.enrolledUserOf(there.OwnerId) : undefined;
      return assigneeId ? { assigneeId, awaySince: null } : { awaySince: task.awaySince ?? at };
    }
    case 'WhoId':
      return { whoId: there.WhoId, personId: there.WhoId ? (mapping.personOf(there.WhoId) ?? null) : null };
    case 'WhatId':
      return { whatId: there.WhatId, whatName: there.WhatId ? (mapping.nameOf(there.WhatId) ?? null) : null };
  }
}
