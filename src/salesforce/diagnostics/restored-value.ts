import { TASK_PRIORITIES, TASK_STATUSES } from '../../command-center/tasks/task.entity.js';
import type { TaskValues } from '../../command-center/tasks/task-values.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { type Mapping, priorityHere, statusHere, toThere } from '../task-sync/mapping.js';
import { canonicalText, canonicalTime } from '../task-sync/remote-task.js';
import { PLAIN_TEMPLATE } from '../task-sync/subject-template.js';
import type { ExactValues, SyncedField } from '../task-sync/task-fields.js';
import { quoted } from './field-words.js';

export interface RestoreInput {
  field: SyncedField;
  /** The losing value, canonical. */
  value: string | null;
  /** The task, alive. */
  task: TaskValues;
  /** What it had here when it lost, by column: says more than the canonical value where that was cut or mapped. */
  lostHere: ReadonlyMap<string, string | null>;
  mapping: Mapping;
  /** Of an owner: who of ours that is, where somebody is and works here still. */
  owner: string | undefined;
  at: string;
}

export interface Restored {
  task: TaskValues;
  /** What is to be written there as it is: ours may have no counterpart of it, or mean it already. */
  exact: ExactValues | null;
}

/** Pure: the task with a lost value in force again; refuses, with a sentence, what cannot be applied. */
export function restored(input: RestoreInput): Restored {
  const { field, value, mapping } = input;
  // Away, it is nobody's of ours, whoever had it last.
  const isHere = input.task.awaySince === null && toThere(field, input.task, mapping) === value;
  const task = isHere ? input.task : { ...input.task, ...changesOf(input) };
  if (field === 'Subject') return { task, exact: { Subject: { there: value, here: task.name } } };
  if (field === 'Status') return { task, exact: { Status: { there: value, here: task.status } } };
  if (field === 'Priority') return { task, exact: { Priority: { there: value, here: task.priority } } };
  if (toThere(field, task, mapping) !== value) throw refusal('This value does not fit the rest of the task any more.');
  return { task, exact: null };
}

function changesOf(input: RestoreInput): Partial<TaskValues> {
  const { field, value, task, mapping, lostHere } = input;
  switch (field) {
    case 'Subject': {
      const whole = lostHere.get('name');
      if (whole && toThere(field, { ...task, name: whole }, mapping) === value) return { name: whole };
      return value && mapping.settings.subjectTemplate.trim() === PLAIN_TEMPLATE ? { name: value } : {};
    }
    case 'Status':
      return statusOf(input);
    case 'Priority': {
      if (!mapping.schema.priorities.some((known) => known.value === value)) throw noLonger('priority', value);
      const lost = TASK_PRIORITIES.find((known) => known === lostHere.get('priority'));
      const priority =
        lost && toThere(field, { ...task, priority: lost }, mapping) === value ? lost : priorityHere(value);
      return priority ? { priority } : {};
    }
    case 'ActivityDate':
      return { dueDate: value };
    case 'Description': {
      const whole = lostHere.get('details') ?? null;
      return { details: canonicalText(whole) === value ? whole : value };
    }
    case 'ReminderDateTime': {
      const whole = lostHere.get('reminder_at') ?? null;
      const time = canonicalTime(whole) === value ? whole : value;
      return { reminderAt: time && new Date(time).toISOString() };
    }
    case 'OwnerId':
      return { assigneeId: assigneeOf(input), awaySince: null };
    case 'WhoId':
      // A person without a record there is nothing there, and a person all the same.
      if (value === null) return { whoId: null, personId: lostHere.get('person_id') ?? null };
      return { whoId: value, personId: mapping.personOf(value) ?? null };
    case 'WhatId':
      if (value && task.whoId?.startsWith('00Q')) {
        throw refusal('Salesforce keeps no related record beside a lead. Choose another person for the task first.');
      }
      return { whatId: value, whatName: value ? (mapping.nameOf(value) ?? null) : null };
  }
}

function statusOf({ value, task, mapping, lostHere, at }: RestoreInput): Partial<TaskValues> {
  const known = mapping.schema.statuses.find((status) => status.value === value);
  if (!known) throw noLonger('status', value);
  const lost = TASK_STATUSES.find((status) => status === lostHere.get('status'));
  const fits = lost && toThere('Status', { ...task, status: lost }, mapping) === value;
  const status = fits ? lost : statusHere(known.isClosed, task.status);
  if (status === task.status) return {};
  return status === 'open' ? { status, closedAt: null } : { status, closedAt: task.closedAt ?? at, snoozedUntil: null };
}

function assigneeOf({ value, owner }: RestoreInput): string {
  if (owner) return owner;
  throw refusal(
    `The owner in Salesforce, ${value ?? 'nobody'}, is nobody who works here. Match that Salesforce user with one of ` +
      'yours, or choose another assignee.',
  );
}

function noLonger(what: string, value: string | null): ProductError {
  return refusal(`Salesforce has no ${what} ${quoted(value)} any more. Choose another ${what} for the task.`);
}

function refusal(sentence: string): ProductError {
  return new ProductError('conflict', sentence);
}
