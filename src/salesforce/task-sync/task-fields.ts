/**
 * The fields that are kept the same, in Salesforce's names and canonical form: trimmed, '' as null, line breaks as
 * LF, dates as YYYY-MM-DD, date-times in whole seconds (2026-01-02T03:04:05Z), ids with 18 characters.
 */
export const SYNCED_FIELDS = [
  'Subject',
  'Status',
  'Priority',
  'ActivityDate',
  'Description',
  'ReminderDateTime',
  'OwnerId',
  'WhoId',
  'WhatId',
] as const;
export type SyncedField = (typeof SYNCED_FIELDS)[number];
export type SalesforceFields = Record<SyncedField, string | null>;

/** Our columns behind each field, as the history of a task names them. */
export const COLUMNS_HERE: Record<SyncedField, readonly string[]> = {
  Subject: ['name'],
  Status: ['status'],
  Priority: ['priority'],
  ActivityDate: ['due_date'],
  Description: ['details'],
  ReminderDateTime: ['reminder_at'],
  OwnerId: ['assignee_id'],
  WhoId: ['who_id', 'person_id'],
  WhatId: ['what_id'],
};

/** The last state both sides agreed on: Salesforce's canonical values, and what they stood for here. */
export interface LinkBase {
  there: SalesforceFields;
  /** The values here that do not follow from `there`: a longer name, a status or priority that maps to several. */
  here: { name: string; status: string; priority: string };
  /** Values to be written there as they are, though ours have no counterpart of them: until written, or ours change. */
  exact?: ExactValues;
  /** What was last seen there of a task that is deleted here: an edit that the deletion overrides is told once. */
  overridden?: SalesforceFields;
}

/** `here`: what our value was when it was asked for. */
export type ExactValues = Partial<Record<'Subject' | 'Status' | 'Priority', { there: string | null; here: string }>>;

/** Fields whose values here do not follow from those there, and their names in `LinkBase.here`. */
export const EXACT_FIELDS: Partial<Record<SyncedField, keyof LinkBase['here']>> &
  Record<keyof ExactValues, keyof LinkBase['here']> = { Subject: 'name', Status: 'status', Priority: 'priority' };

/** What a call in doubt carried, and what it stood for here. */
export type SentWrite =
  | { op: 'create'; key: string; fields: SalesforceFields; here: LinkBase['here']; at: string }
  | { op: 'update'; fields: Partial<SalesforceFields>; here: LinkBase['here']; at: string }
  | { op: 'delete' | 'restore'; at: string };
