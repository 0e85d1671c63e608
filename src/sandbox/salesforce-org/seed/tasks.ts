import { makeId, PREFIX } from '../ids.js';
import { addDays } from '../time.js';
import type { SeedRow } from './copy.js';
import { ADMIN_ID, INACTIVE_ID, QUEUE_ID, REP_IDS } from './people.js';
import type { People } from './people.js';
import type { Random } from './random.js';
import { CALL_RESULTS, EMAIL_SUBJECTS, SENTENCES, SUBJECTS } from './words.js';

export const TASK_COLUMNS = [
  'id',
  'who_id',
  'what_id',
  'account_id',
  'subject',
  'activity_date',
  'status',
  'priority',
  'is_high_priority',
  'owner_id',
  'description',
  'type',
  'is_closed',
  'is_archived',
  'is_deleted',
  'call_duration_in_seconds',
  'call_type',
  'call_disposition',
  'recurrence_activity_id',
  'is_recurrence',
  'recurrence_start_date_only',
  'recurrence_end_date_only',
  'recurrence_type',
  'recurrence_interval',
  'task_subtype',
  'completed_date_time',
  'created_date',
  'created_by_id',
  'last_modified_date',
  'last_modified_by_id',
  'system_modstamp',
];

type Kind = 'plain' | 'email' | 'call' | 'archived' | 'deleted' | 'series' | 'queue' | 'inactive' | 'reassigned';

const KINDS: readonly (readonly [Kind, number])[] = [
  ['plain', 66],
  ['email', 10],
  ['call', 7],
  ['archived', 4],
  ['deleted', 3],
  ['series', 1],
  ['queue', 2],
  ['inactive', 2],
  ['reassigned', 5],
];

const OPEN_STATUSES: readonly (readonly [string, number])[] = [
  ['Not Started', 62],
  ['In Progress', 18],
  ['Waiting on someone else', 13],
  ['Deferred', 7],
];

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** Makes `count` tasks one by one, as a sales team would have left them by now. */
export function* makeTasks(random: Random, now: Date, people: People, count: number): Generator<SeedRow> {
  const maker = new TaskMaker(random, now, people);
  let made = 0;
  while (made < count) {
    for (const task of maker.make(random.weighted(KINDS), made + 1, count - made)) {
      yield task;
      made += 1;
    }
  }
}

class TaskMaker {
  private readonly today: string;
  private readonly days = new Map<number, string>();
  private readonly openLeads: SeedRow[];

  constructor(
    private readonly random: Random,
    private readonly now: Date,
    private readonly people: People,
  ) {
    this.today = now.toISOString().slice(0, 10);
    this.openLeads = people.leads.filter((l) => l['is_converted'] !== true);
  }

  make(kind: Kind, number: number, room: number): SeedRow[] {
    const { random } = this;
    switch (kind) {
      case 'email':
      case 'call':
        return [this.logged(kind, number)];
      case 'archived':
        return [this.archived(number)];
      case 'series':
        return this.series(number, room);
      case 'deleted':
        return [this.deleted(this.plain(number))];
      case 'queue':
        return [{ ...this.plain(number), owner_id: QUEUE_ID }];
      case 'inactive':
        return [{ ...this.plain(number), owner_id: INACTIVE_ID }];
      case 'reassigned':
        return [{ ...this.plain(number), created_by_id: random.pick(REP_IDS), last_modified_by_id: ADMIN_ID }];
      case 'plain':
        return [this.plain(number)];
    }
  }

  private plain(number: number): SeedRow {
    const { random } = this;
    const owner = random.pick(REP_IDS);
    const isClosed = random.chance(0.28);
    const age = random.chance(0.06) ? random.between(1, 22) * HOUR : random.between(24, 150 * 24) * HOUR;
    const touched = random.chance(0.08) ? random.between(0, 20) * HOUR : random.between(1, 90 * 24) * HOUR;
    const created = this.ago(age);
    const modified = touched < age ? this.ago(touched) : created;
    const priority = random.weighted([
      ['Normal', 76],
      ['High', 16],
      ['Low', 8],
    ] as const);
    return {
      id: makeId(PREFIX.Task, number),
      ...this.related(),
      subject: this.subject(),
      activity_date: this.dueDate(isClosed),
      status: isClosed ? 'Completed' : random.weighted(OPEN_STATUSES),
      priority,
      is_high_priority: priority === 'High',
      owner_id: owner,
      description: this.description(),
      type: random.chance(0.2) ? random.pick(['Call', 'Meeting', 'Other']) : null,
      is_closed: isClosed,
      is_archived: false,
      is_deleted: false,
      is_recurrence: false,
      task_subtype: random.chance(0.14) ? 'Call' : 'Task',
      completed_date_time: isClosed ? modified : null,
      created_date: created,
      created_by_id: owner,
      last_modified_date: modified,
      last_modified_by_id: owner,
      system_modstamp: modified,
    };
  }

  /** An email or a call that was logged: created closed, never an open task. */
  private logged(kind: 'email' | 'call', number: number): SeedRow {
    const { random } = this;
    const at = this.ago(random.between(1, 120 * 24) * HOUR);
    const isCall = kind === 'call';
    return {
      ...this.plain(number),
      subject: isCall ? 'Call' : `Email: ${random.pick(EMAIL_SUBJECTS)}`,
      activity_date: at.slice(0, 10),
      status: 'Completed',
      is_closed: true,
      type: isCall ? 'Call' : null,
      task_subtype: isCall ? 'Call' : 'Email',
      call_duration_in_seconds: isCall ? random.between(10, 1800) : null,
      call_type: isCall ? random.pick(['Inbound', 'Outbound']) : null,
      call_disposition: isCall ? random.pick(CALL_RESULTS) : null,
      completed_date_time: at,
      created_date: at,
      last_modified_date: at,
      system_modstamp: at,
    };
  }

  private archived(number: number): SeedRow {
    const age = this.random.between(370, 1100) * DAY;
    const done = this.ago(age);
    return {
      ...this.plain(number),
      status: 'Completed',
      is_closed: true,
      is_archived: true,
      activity_date: done.slice(0, 10),
      completed_date_time: done,
      created_date: this.ago(age + 5 * DAY),
      last_modified_date: done,
      system_modstamp: done,
    };
  }

  /** A recurring series: the master, which is no work item, and its occurrences. */
  private series(number: number, room: number): SeedRow[] {
    const { random } = this;
    const start = addDays(this.today, -random.between(7, 21));
    const master: SeedRow = {
      ...this.plain(number),
      subject: random.pick(['Weekly pipeline review', 'Monday check-in', 'Send weekly numbers']),
      activity_date: null,
      status: 'Not Started',
      is_closed: false,
      completed_date_time: null,
      is_recurrence: true,
      task_subtype: 'Task',
      recurrence_type: 'RecursWeekly',
      recurrence_interval: 1,
      recurrence_start_date_only: start,
      recurrence_end_date_only: addDays(start, 42),
    };
    const occurrences = Array.from({ length: Math.min(6, room - 1) }, (_, i): SeedRow => {
      const due = addDays(start, 7 * i);
      const isClosed = due < this.today && random.chance(0.8);
      return {
        ...master,
        id: makeId(PREFIX.Task, number + 1 + i),
        activity_date: due,
        status: isClosed ? 'Completed' : 'Not Started',
        is_closed: isClosed,
        completed_date_time: isClosed ? master['last_modified_date'] : null,
        is_recurrence: false,
        recurrence_activity_id: master['id'],
        recurrence_type: null,
        recurrence_interval: null,
        recurrence_start_date_only: null,
        recurrence_end_date_only: null,
      };
    });
    return [master, ...occurrences];
  }

  private related(): SeedRow {
    const { random, people } = this;
    const kind = random.weighted([
      ['contact', 52],
      ['lead', 32],
      ['none', 16],
    ] as const);
    if (kind === 'lead') return { who_id: random.pick(this.openLeads)['id'] };
    if (kind === 'contact') {
      const contact = random.pick(people.contacts);
      const what = random.chance(0.4) ? contact['account_id'] : null;
      return { who_id: contact['id'], what_id: what, account_id: contact['account_id'] };
    }
    if (random.chance(0.7)) return {};
    const opportunity = random.pick(people.opportunities);
    return { what_id: opportunity['id'], account_id: opportunity['account_id'] };
  }

  private dueDate(isClosed: boolean): string | null {
    const { random } = this;
    if (random.chance(0.12)) return null;
    return this.day(Math.round(isClosed ? -Math.abs(random.around(30)) : 4 + random.around(12)));
  }

  /** The date so many days from today; there are few of them and many tasks. */
  private day(offset: number): string {
    let date = this.days.get(offset);
    if (date === undefined) {
      date = addDays(this.today, offset);
      this.days.set(offset, date);
    }
    return date;
  }

  private subject(): string {
    const { random } = this;
    if (random.chance(0.002)) return `${random.pick(SUBJECTS)} `.repeat(20).slice(0, 255).trim();
    return random.chance(0.5) ? random.pick(SUBJECTS) : `${random.pick(SUBJECTS)} (${random.between(2, 99)})`;
  }

  private description(): string | null {
    const { random } = this;
    if (random.chance(0.55)) return null;
    const roll = random.next();
    // A few that fill the field to its last character.
    const sentences = roll < 0.001 ? 900 : roll < 0.02 ? random.between(20, 60) : random.between(1, 4);
    const text = Array.from({ length: sentences }, () => random.pick(SENTENCES)).join(random.chance(0.3) ? '\n' : ' ');
    return text.slice(0, 32_000).trim();
  }

  /** Deleted within the last two weeks, and never before it was made. */
  private deleted(task: SeedRow): SeedRow {
    const at = this.ago(this.random.between(0, 14 * 24) * HOUR);
    const created = String(task['created_date']);
    const stamp = at > created ? at : created;
    return { ...task, is_deleted: true, last_modified_date: stamp, system_modstamp: stamp };
  }

  /** A moment in the past, on a second of its own within the hour before. */
  private ago(ms: number): string {
    const jitter = this.random.between(0, 3500) * SECOND;
    const at = Math.floor((this.now.getTime() - ms - jitter) / SECOND) * SECOND;
    return new Date(at).toISOString();
  }
}
