import { addDays, type LocalDate } from '../../platform/clock/local-date.js';
import type { Parameters } from '../../platform/database/parameters.js';

export const TASK_VIEWS = [
  'today',
  'overdue',
  'next_7_days',
  'upcoming',
  'no_date',
  'completed',
  'all',
  'range',
] as const;
export type TaskViewName = (typeof TASK_VIEWS)[number];
/** The views that are always there, and counted. */
export type CountedView = Exclude<TaskViewName, 'range'>;

/** Which of the tasks: each has its indexes, whose conditions these texts repeat word for word. */
export const PARTS = {
  open: `t.status = 'open' AND t.deleted_at IS NULL AND t.away_since IS NULL`,
  closed: `t.status <> 'open' AND t.deleted_at IS NULL AND t.away_since IS NULL`,
  any: 't.deleted_at IS NULL AND t.away_since IS NULL',
} as const;
export type TaskPart = keyof typeof PARTS;

/** What a view is sorted by: always ends with the id, so that a page can begin behind any task. */
export interface TaskOrder {
  /** Columns of `t`, with their types. */
  columns: readonly (readonly ['due_date' | 'closed_at' | 'id', string])[];
  direction: 'ASC' | 'DESC';
}

const BY_DUE_DATE: TaskOrder = {
  columns: [
    ['due_date', 'date'],
    ['id', 'uuid'],
  ],
  direction: 'ASC',
};
const LAST_CLOSED_FIRST: TaskOrder = {
  columns: [
    ['closed_at', 'timestamptz'],
    ['id', 'uuid'],
  ],
  direction: 'DESC',
};
const NEWEST_FIRST: TaskOrder = { columns: [['id', 'uuid']], direction: 'DESC' };

export function partOf(view: TaskViewName): TaskPart {
  if (view === 'completed') return 'closed';
  return view === 'all' ? 'any' : 'open';
}

export function orderOf(view: TaskViewName): TaskOrder {
  if (view === 'completed') return LAST_CLOSED_FIRST;
  return view === 'all' ? NEWEST_FIRST : BY_DUE_DATE;
}

export interface Days {
  from: LocalDate | null;
  to: LocalDate | null;
}

/**
 * The due dates that a view shows. Overdue, today (and tomorrow), upcoming and no date share no task and leave none
 * out; the next seven days, which begin today, lie across.
 */
export function daysOf(view: TaskViewName, today: LocalDate, range: Days): Days | 'no_date' | 'not_by_date' {
  switch (view) {
    case 'today':
      return { from: today, to: addDays(today, 1) };
    case 'overdue':
      return { from: null, to: addDays(today, -1) };
    case 'next_7_days':
      return { from: today, to: addDays(today, 6) };
    case 'upcoming':
      return { from: addDays(today, 2), to: null };
    case 'range':
      return range;
    case 'no_date':
      return 'no_date';
    case 'completed':
    case 'all':
      return 'not_by_date';
  }
}

export interface ViewMoment {
  /** What day it is for the rep. */
  today: LocalDate;
  now: Date;
  range: Days;
}

/** The view's own conditions about `t`, beyond its part; a snoozed task is hidden until its time. */
export function conditionsOf(view: TaskViewName, { today, now, range }: ViewMoment, parameters: Parameters): string[] {
  const days = daysOf(view, today, range);
  if (days === 'not_by_date') return [];
  const awake = `(t.snoozed_until IS NULL OR t.snoozed_until <= ${parameters.add(now)})`;
  if (days === 'no_date') return ['t.due_date IS NULL', awake];
  const { from, to } = days;
  return [
    ...(from ? [`t.due_date >= ${parameters.add(from)}::date`] : []),
    ...(to ? [`t.due_date <= ${parameters.add(to)}::date`] : []),
    awake,
  ];
}

/** Where the page after a position begins. Tasks without a date all have the same place in the order but for the id. */
export function afterCondition(
  view: TaskViewName,
  position: readonly (string | null)[],
  parameters: Parameters,
): string {
  const order = orderOf(view);
  const known = order.columns
    .map(([column, type], index) => ({ column, type, value: position[index] ?? null }))
    .filter(({ value }) => value !== null);
  const columns = known.map(({ column }) => `t.${column}`).join(', ');
  const values = known.map(({ type, value }) => `${parameters.add(value)}::${type}`).join(', ');
  return `(${columns}) ${order.direction === 'ASC' ? '>' : '<'} (${values})`;
}

export function orderBy(view: TaskViewName): string {
  const { columns, direction } = orderOf(view);
  return columns.map(([column]) => `t.${column} ${direction}`).join(', ');
}
