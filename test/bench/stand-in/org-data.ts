import { makeId, PREFIX } from '../../../src/sandbox/salesforce-org/ids.js';

// A sales team's org, each record made from its number alone: the stand-in and the checks agree without talking.

export const ORG_ID = makeId(PREFIX.Organization, 1);
export const INTEGRATION_USER = makeId(PREFIX.User, 1);
const DAY = 24 * 3_600_000;
const BEGIN = Date.UTC(2025, 0, 6);

/** Tasks with one person, on average. */
const TASKS_A_PERSON = 4;
/** People at one account. */
const PEOPLE_AN_ACCOUNT = 4;
/** How far around a task's place among all its person may lie: old people are met again, new ones come all the time. */
const SPREAD = 200;

export interface Task {
  Id: string;
  Subject: string;
  Status: string;
  Priority: string;
  ActivityDate: string | null;
  Description: string | null;
  ReminderDateTime: string | null;
  IsReminderSet: boolean;
  OwnerId: string;
  WhoId: string | null;
  WhatId: string | null;
  TaskSubtype: string;
  IsRecurrence: boolean;
  IsClosed: boolean;
  IsDeleted: boolean;
  IsArchived: boolean;
  CreatedDate: string;
  CompletedDateTime: string | null;
  LastModifiedDate: string;
  LastModifiedById: string;
  SystemModstamp: string;
  Command_Center_Key__c: null;
}

export interface Named {
  Id: string;
  Name: string;
  Email?: string | null;
}

export const repId = (rep: number): string => makeId(PREFIX.User, 100 + rep);
export const taskId = (n: number): string => makeId(PREFIX.Task, 1_000 + n);
export const peopleOf = (tasks: number): number => Math.ceil(tasks / TASKS_A_PERSON);
export const accountsOf = (tasks: number): number => Math.ceil(peopleOf(tasks) / PEOPLE_AN_ACCOUNT);

const personId = (n: number): string => makeId(n % 5 < 3 ? PREFIX.Contact : PREFIX.Lead, 1_000 + n);

const FIRST = ['Ada', 'Bélinda', 'Chen', 'Diego', 'Eva', 'Farid', 'Grace', 'Hugo', 'Ines', 'Jonas', 'Köbi', 'Lena'];
const LAST = ['Adler', 'Brandt', 'Costa', 'Duarte', 'Engel', 'Fischer', 'Garcia', 'Hopper', 'Ito', 'Jansen', 'Kühn'];
const COMPANY = [
  'Northwind',
  'Globex',
  'Initech',
  'Umbrella',
  'Hooli',
  'Stark',
  'Wayne',
  'Acme',
  'Soylent',
  'Vandelay',
];
const ABOUT = ['the renewal', 'the proposal', 'pricing', 'the demo', 'the pilot', 'the contract', 'next steps', 'Q3'];
const NOTES = [
  'Left a voicemail, asked to call back before the end of the week.',
  'They want a comparison with the present vendor; finance joins the next call.',
  'Second stop of the sequence.\nMention the case study.',
  'Prefers e-mail. Budget is decided in the “steering” meeting – ask for the date.',
];

export function person(n: number): Named {
  const first = FIRST[n % FIRST.length] ?? '';
  const last = `${LAST[(n >> 2) % LAST.length]} ${n}`;
  // Some have no address.
  const email = n % 50 === 49 ? null : `person.${n}@${COMPANY[n % COMPANY.length]?.toLowerCase()}.example`;
  return { Id: personId(n), Name: `${first} ${last}`, Email: email };
}

export function account(n: number): Named {
  return { Id: makeId(PREFIX.Account, 1_000 + n), Name: `${COMPANY[n % COMPANY.length]} ${n} & Co.` };
}

/** Task number `n` of an org with `tasks` of them. */
export function task(n: number, tasks: number, reps: number): Task {
  const chance = mix(n);
  const created = BEGIN + Math.floor((n / tasks) * 300 * DAY) + (chance % 3_600_000);
  const closed = chance % 10 < 4;
  const closedAt = created + 3_600_000 + (chance % (20 * DAY));
  const who = chance % 13 === 0 ? null : whoOf(n, tasks, chance);
  const reminder = chance % 5 === 0;
  const changed = stamp(closed ? closedAt : created + (chance % DAY));
  return {
    Id: taskId(n),
    Subject: `${chance % 3 === 0 ? 'Call' : 'Follow up with'} ${FIRST[chance % FIRST.length]} about ${ABOUT[chance % ABOUT.length]}`,
    Status: closed ? 'Completed' : chance % 7 === 0 ? 'In Progress' : 'Not Started',
    Priority: chance % 9 === 0 ? 'High' : chance % 11 === 0 ? 'Low' : 'Normal',
    ActivityDate: chance % 17 === 0 ? null : stamp(created + (chance % (30 * DAY))).slice(0, 10),
    Description: chance % 3 === 0 ? null : `${NOTES[chance % NOTES.length]} (${n})`,
    ReminderDateTime: reminder ? stamp(created + (chance % (10 * DAY))) : null,
    IsReminderSet: reminder,
    OwnerId: repId(chance % reps),
    WhoId: who === null ? null : personId(who),
    // A lead has no account.
    WhatId: who !== null && who % 5 < 3 && chance % 4 > 0 ? account(Math.floor(who / PEOPLE_AN_ACCOUNT)).Id : null,
    TaskSubtype: chance % 3 === 0 ? 'Call' : 'Task',
    IsRecurrence: false,
    IsClosed: closed,
    IsDeleted: false,
    IsArchived: false,
    CreatedDate: stamp(created),
    CompletedDateTime: closed ? stamp(closedAt) : null,
    LastModifiedDate: changed,
    LastModifiedById: repId(chance % reps),
    SystemModstamp: changed,
    Command_Center_Key__c: null,
  };
}

/** The same task after somebody changed it there: half are named and dated anew, some closed, some noted in. */
export function changedTask(n: number, tasks: number, reps: number, at: number): Task {
  const before = task(n, tasks, reps);
  const changed = stamp(at);
  const after = { ...before, LastModifiedDate: changed, SystemModstamp: changed };
  const kind = mix(n + 1) % 10;
  if (kind < 5) return { ...after, Subject: `${before.Subject} (moved)`, ActivityDate: '2026-11-02' };
  if (kind < 7) return { ...after, Description: `${before.Description ?? ''} Called back.`.trim() };
  if (!before.IsClosed) return { ...after, Status: 'Completed', IsClosed: true, CompletedDateTime: changed };
  return { ...after, Priority: before.Priority === 'High' ? 'Normal' : 'High' };
}

function whoOf(n: number, tasks: number, chance: number): number {
  const place = Math.floor(n / TASKS_A_PERSON) + (chance % (2 * SPREAD)) - SPREAD;
  return Math.max(0, Math.min(peopleOf(tasks) - 1, place));
}

/** Salesforce writes its zone as +0000. */
function stamp(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}.000+0000`;
}

/** A number that looks like chance, the same each time. */
function mix(n: number): number {
  let x = Math.imul(n + 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
