import type { SyncedField } from '../task-sync/task-fields.js';

const FIELDS: Record<SyncedField, string> = {
  Subject: 'name',
  Status: 'status',
  Priority: 'priority',
  ActivityDate: 'due date',
  Description: 'details',
  ReminderDateTime: 'reminder',
  OwnerId: 'assignee',
  WhoId: 'person',
  WhatId: 'related record',
};
const COLUMNS: Readonly<Record<string, string>> = {
  assignee_id: 'assignee',
  person_id: 'person',
  who_id: 'Salesforce record of the person',
  what_id: 'related record',
  due_date: 'due date',
  reminder_at: 'reminder',
  call_outcome: 'call outcome',
  call_reason: 'call reason',
  snoozed_until: 'snooze',
};

/** What people call a Salesforce field or a column of ours. */
export function fieldWords(name: string): string {
  return Object.hasOwn(FIELDS, name) ? FIELDS[name as SyncedField] : (COLUMNS[name] ?? name);
}

/** A list in a sentence: `name, status and due date`. */
export function listWords(names: readonly string[]): string {
  const words = names.map(fieldWords);
  const last = words.pop();
  return words.length > 0 ? `${words.join(', ')} and ${last}` : (last ?? 'nothing');
}

const LONGEST = 80;

/** A value in a sentence; long texts are cut, their whole is beside it. */
export function quoted(value: string | null): string {
  if (value === null) return 'nothing';
  return `“${value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value}”`;
}

export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
