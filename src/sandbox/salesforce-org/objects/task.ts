import { field, objectType, picklist, READ_ONLY, reference } from './field.js';
import type { Field, ObjectType, PicklistValue } from './field.js';
import { PREFIX } from '../ids.js';

/** The unique external id by which an integration makes its creates idempotent. It can be removed from the org. */
export const KEY_FIELD = 'Command_Center_Key__c';

export const DEFAULT_STATUSES: PicklistValue[] = [
  { value: 'Not Started', label: 'Not Started', isDefault: true, isClosed: false },
  { value: 'In Progress', label: 'In Progress', isDefault: false, isClosed: false },
  { value: 'Completed', label: 'Completed', isDefault: false, isClosed: true },
  { value: 'Waiting on someone else', label: 'Waiting on someone else', isDefault: false, isClosed: false },
  { value: 'Deferred', label: 'Deferred', isDefault: false, isClosed: false },
];

export const DEFAULT_PRIORITIES: PicklistValue[] = [
  { value: 'High', label: 'High', isDefault: false, isHighPriority: true },
  { value: 'Normal', label: 'Normal', isDefault: true, isHighPriority: false },
  { value: 'Low', label: 'Low', isDefault: false, isHighPriority: false },
];

export function keyField(traits: { externalId: boolean; unique: boolean }): Field {
  return field(KEY_FIELD, 'Command Center Key', 'string', { length: 255, column: 'command_center_key', ...traits });
}

/** Task as Salesforce documents it, less what this org never fills. */
export function taskType(): ObjectType {
  const onCreateOnly = { updateable: false };
  return objectType({ name: 'Task', label: 'Task', prefix: PREFIX.Task }, [
    reference('WhoId', 'Name ID', ['Contact', 'Lead']),
    reference('WhatId', 'Related To ID', ['Account', 'Opportunity']),
    field('Subject', 'Subject', 'combobox', {
      picklist: picklist('Call', 'Email', 'Send Letter', 'Send Quote', 'Other'),
    }),
    field('ActivityDate', 'Due Date Only', 'date'),
    field('Status', 'Status', 'picklist', { nillable: false, defaulted: true, restricted: true }),
    field('Priority', 'Priority', 'picklist', { nillable: false, defaulted: true, restricted: true }),
    field('IsHighPriority', 'High Priority', 'boolean', READ_ONLY),
    reference('OwnerId', 'Assigned To ID', ['User', 'Group'], { nillable: false, defaulted: true }),
    field('Description', 'Description', 'textarea'),
    field('Type', 'Type', 'picklist', { picklist: picklist('Call', 'Meeting', 'Other') }),
    reference('AccountId', 'Account ID', ['Account'], READ_ONLY),
    field('IsClosed', 'Closed', 'boolean', READ_ONLY),
    field('IsArchived', 'Archived', 'boolean', READ_ONLY),
    field('CallDurationInSeconds', 'Call Duration', 'int'),
    field('CallType', 'Call Type', 'picklist', {
      picklist: picklist('Internal', 'Inbound', 'Outbound'),
      restricted: true,
    }),
    field('CallDisposition', 'Call Result', 'string'),
    field('CallObject', 'Call Object Identifier', 'string'),
    field('ReminderDateTime', 'Reminder Date/Time', 'datetime'),
    field('IsReminderSet', 'Reminder Set', 'boolean'),
    reference('RecurrenceActivityId', 'Recurrence Activity ID', ['Task'], READ_ONLY),
    field('IsRecurrence', 'Create Recurring Series of Tasks', 'boolean', onCreateOnly),
    field('RecurrenceStartDateOnly', 'Recurrence Start', 'date'),
    field('RecurrenceEndDateOnly', 'Recurrence End', 'date'),
    field('RecurrenceTimeZoneSidKey', 'Recurrence Time Zone', 'picklist', { length: 40 }),
    field('RecurrenceType', 'Recurrence Type', 'picklist', {
      length: 40,
      restricted: true,
      picklist: picklist('RecursDaily', 'RecursEveryWeekday', 'RecursWeekly', 'RecursMonthly', 'RecursYearly'),
    }),
    field('RecurrenceInterval', 'Recurrence Interval', 'int'),
    field('RecurrenceDayOfWeekMask', 'Recurrence Day of Week Mask', 'int'),
    field('TaskSubtype', 'Task Subtype', 'picklist', {
      ...onCreateOnly,
      length: 40,
      restricted: true,
      defaulted: true,
      picklist: picklist('Task', 'Email', 'ListEmail', 'Cadence', 'Call', 'LinkedIn'),
    }),
    field('CompletedDateTime', 'Completed Date', 'datetime', READ_ONLY),
    keyField({ externalId: true, unique: true }),
  ]);
}
