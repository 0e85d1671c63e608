import { KEY_FIELD } from './org-schema.js';
import type { SalesforceFields } from './task-fields.js';

/** A Task as the REST API answers it. */
export interface TaskRecord {
  Id: string;
  Subject: string | null;
  Status: string | null;
  Priority: string | null;
  ActivityDate: string | null;
  Description: string | null;
  ReminderDateTime: string | null;
  IsReminderSet: boolean | null;
  OwnerId: string;
  WhoId: string | null;
  WhatId: string | null;
  TaskSubtype: string | null;
  IsRecurrence: boolean | null;
  IsClosed: boolean;
  IsDeleted: boolean;
  IsArchived: boolean | null;
  CreatedDate: string;
  /** Read where the key field cannot be. */
  CreatedById?: string;
  CompletedDateTime: string | null;
  LastModifiedDate: string;
  LastModifiedById: string;
  SystemModstamp: string;
  [KEY_FIELD]?: string | null;
}

const READ_FIELDS = [
  ...['Id', 'Subject', 'Status', 'Priority', 'ActivityDate', 'Description', 'ReminderDateTime', 'IsReminderSet'],
  ...[
    'OwnerId',
    'WhoId',
    'WhatId',
    'TaskSubtype',
    'IsRecurrence',
    'IsClosed',
    'IsDeleted',
    'IsArchived',
    'CreatedDate',
  ],
  ...['CompletedDateTime', 'LastModifiedDate', 'LastModifiedById', 'SystemModstamp'],
];

/** The fields that every reading of a Task asks for; without its key, who made it tells a little. */
export function readFields(withKey: boolean): string[] {
  return [...READ_FIELDS, withKey ? KEY_FIELD : 'CreatedById'];
}

/** Salesforce trims text, makes '' null and may change line breaks: compare only what survives that. */
export function canonicalText(text: string | null | undefined): string | null {
  return text?.replace(/\r\n?/g, '\n').trim() || null;
}

/** Whole seconds, UTC: 2026-01-02T03:04:05Z. */
export function canonicalTime(time: string | Date | null | undefined): string | null {
  if (!time) return null;
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

export function fieldsOf(record: TaskRecord): SalesforceFields {
  return {
    Subject: canonicalText(record.Subject),
    Status: canonicalText(record.Status),
    Priority: canonicalText(record.Priority),
    ActivityDate: record.ActivityDate,
    Description: canonicalText(record.Description),
    ReminderDateTime: record.IsReminderSet === false ? null : canonicalTime(record.ReminderDateTime),
    OwnerId: record.OwnerId,
    WhoId: record.WhoId,
    WhatId: record.WhatId,
  };
}

export type NotATask = 'recurring_series' | 'logged_email' | 'queue' | 'logged_activity' | 'deleted';

// A record that is closed within this time of its making was logged, not worked through.
const LOGGED_WITHIN_MS = 10_000;
const LOGGED_SUBTYPES: ReadonlySet<string> = new Set(['Email', 'ListEmail', 'Cadence']);

/** Why a Salesforce Task that is met for the first time is not a task here; undefined when it is one. */
export function whyNotATask(record: TaskRecord): NotATask | undefined {
  if (record.IsDeleted) return 'deleted';
  if (record.IsRecurrence) return 'recurring_series';
  if (record.TaskSubtype && LOGGED_SUBTYPES.has(record.TaskSubtype)) return 'logged_email';
  if (record.OwnerId.startsWith('00G')) return 'queue';
  if (record.IsClosed && record.CompletedDateTime) {
    const worked = Date.parse(record.CompletedDateTime) - Date.parse(record.CreatedDate);
    if (worked <= LOGGED_WITHIN_MS) return 'logged_activity';
  }
  return undefined;
}

/** The unique key that a create carries. */
export function keyOf(taskId: string, generation: number): string {
  return `${taskId}.${generation}`;
}

/** The task's id in a key of ours. */
export function taskIdOfKey(key: string | null | undefined): string | undefined {
  return /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.\d+$/.exec(key ?? '')?.[1];
}
