import type { FieldDifference, HereTask, Rows, ThereTask } from './compare-types.js';

const SUBJECT_LENGTH = 255;
const LEAD = '00Q';

/** Fields of a task that do not say the same on both sides. */
export function fieldDifferences(here: HereTask, there: ThereTask, rows: Pick<Rows, 'emails'>): FieldDifference[] {
  const isLead = there.whoId?.startsWith(LEAD) === true;
  const pairs: [field: string, here: string | null, there: string | null][] = [
    ['name', subjectOf(here.name), there.subject === null ? subjectOf(here.name) : subjectOf(there.subject)],
    ['status', here.status === 'open' ? 'open' : 'closed', there.isClosed ? 'closed' : 'open'],
    ['due date', here.dueDate, there.activityDate],
    ['details', textOf(here.details), textOf(there.description)],
    ['reminder', secondOf(here.reminderAt), there.isReminderSet ? secondOf(there.reminderAt) : null],
    ['assignee', here.assigneeEmail, rows.emails.get(there.ownerId) ?? there.ownerId],
    ['who', here.whoId, there.whoId],
    ['related record', isLead ? null : here.whatId, there.whatId],
  ];
  // A priority of the org's own has no counterpart here.
  const priority = ['High', 'Normal', 'Low'].find((name) => name === there.priority);
  if (priority) pairs.push(['priority', here.priority, priority.toLowerCase()]);
  if (there.whoId !== null) pairs.push(personPair(here, there));
  if (there.whatId !== null && there.whatName !== null) pairs.push(['related name', here.whatName, there.whatName]);
  return pairs.flatMap(([field, mine, theirs]) =>
    mine === theirs ? [] : [{ field, here: shown(mine), there: shown(theirs) }],
  );
}

/** The person is the lead or contact: known by their email, or by name where they have none. */
function personPair(here: HereTask, there: ThereTask): [string, string | null, string | null] {
  if (there.whoEmail !== null) return ['person', here.personEmail, there.whoEmail.toLowerCase()];
  return ['person', here.personName, there.whoName];
}

/** One line of at most 255 characters, as Salesforce can hold it. */
function subjectOf(name: string): string {
  let line = name
    .split(/\s*[\r\n\u2028\u2029]+\s*/)
    .join(' ')
    .trim();
  if (line.length > SUBJECT_LENGTH) {
    line = line.slice(0, SUBJECT_LENGTH);
    // Half a character is none.
    if (/[\ud800-\udbff]$/.test(line)) line = line.slice(0, -1);
  }
  return line.trimEnd();
}

/** Text as Salesforce keeps it. */
export function textOf(value: string | null): string | null {
  const trimmed = (value ?? '')
    .split(/\r\n|\r/)
    .join('\n')
    .trim();
  return trimmed === '' ? null : trimmed;
}

/** A time as Salesforce keeps it. */
export function secondOf(at: Date | null): string | null {
  return at === null ? null : `${at.toISOString().slice(0, 19)}Z`;
}

function shown(value: string | null): string {
  if (value === null) return 'nothing';
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}… (${value.length})` : value);
}
