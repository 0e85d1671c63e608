import { Injectable } from '@nestjs/common';
import { userNames } from '../../accounts/names.js';
import { escapeLike, Parameters } from '../../platform/database/parameters.js';
import type { Reader } from '../../platform/database/transactions.js';
import { type PersonCard, PeopleDirectory } from '../people/people-directory.js';
import type { Viewer } from '../people/person-access.js';
import { type AssigneeFilter, visibleParts } from './task-access.js';
import type { TaskPriority, TaskStatus, TaskType } from './task.entity.js';
import type { TaskCounts, TaskCountsQuery } from './task-list.dto.js';
import {
  afterCondition,
  conditionsOf,
  type CountedView,
  orderBy,
  orderOf,
  type TaskPart,
  partOf,
  PARTS,
  type TaskViewName,
  type ViewMoment,
} from './task-views.js';
import type { TaskView } from './tasks.dto.js';

export interface TaskFilter {
  assignee: AssigneeFilter;
  type?: TaskType | undefined;
  priority?: TaskPriority | undefined;
  status?: TaskStatus | undefined;
  personId?: string | undefined;
  q?: string | undefined;
  updatedSince?: string | undefined;
}

export interface TaskRow extends Omit<TaskView, 'assignee' | 'person'> {
  assigneeId: string;
  personId: string | null;
  /** Of what it is sorted by, as exact text. */
  closedAtText: string | null;
}

// Microseconds, as the column has them: a position rounded to milliseconds would skip or repeat a task.
const EXACT = `to_char(t.closed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const COLUMNS = `t.id, t.type, t.name, t.status, t.priority, t.due_date, t.details, t.reminder_at, t.who_id, t.what_id,
  t.what_name, t.call_outcome, t.call_reason, t.snoozed_until, t.away_since, t.created_at, t.updated_at, t.closed_at,
  t.deleted_at, t.version, t.assignee_id AS "assigneeId", t.person_id AS "personId", ${EXACT} AS "closedAtText"`;

const COUNTED: readonly CountedView[] = ['today', 'overdue', 'next_7_days', 'upcoming', 'no_date'];

/** Reads tasks as their viewers may see them. */
@Injectable()
export class TaskQueries {
  constructor(private readonly directory: PeopleDirectory) {}

  /** A page of a view; one more than `limit` when there is one. */
  async page(
    reader: Reader,
    viewer: Viewer,
    view: TaskViewName,
    moment: ViewMoment,
    filter: TaskFilter,
    slice: { after: readonly (string | null)[] | null; limit: number },
  ): Promise<TaskRow[]> {
    const parameters = new Parameters();
    const conditions = [
      ...conditionsOf(view, moment, parameters),
      ...(slice.after ? [afterCondition(view, slice.after, parameters)] : []),
    ];
    const limit = parameters.add(slice.limit + 1);
    const order = `ORDER BY ${orderBy(view)} LIMIT ${limit}`;
    // The ids first, which needs the indexes alone. An array, not a join: read once even by a planner who, just after a
    // large import, knows nothing of these tables.
    const parts = selections('t.id', partOf(view), viewer, filter, conditions, parameters);
    const found = parts.map((part) => `(${part} ${order})`).join(' UNION ALL ');
    const sql = `SELECT ${COLUMNS} FROM tasks t
      WHERE t.team_id = ${parameters.add(viewer.teamId)} AND t.id = ANY(ARRAY(${found})) ${order}`;
    return reader.query<TaskRow>(sql, parameters.values);
  }

  /** All views at once: the open tasks are read once, the closed ones only counted. */
  async counts(reader: Reader, viewer: Viewer, moment: ViewMoment, filter: TaskFilter): Promise<TaskCounts> {
    const parameters = new Parameters();
    const open = selections('t.due_date, t.snoozed_until', 'open', viewer, filter, [], parameters);
    const closed = selections('1', 'closed', viewer, filter, [], parameters);
    const counted = COUNTED.map((view) => {
      const condition = conditionsOf(view, moment, parameters).join(' AND ');
      return `count(*) FILTER (WHERE ${condition})::int AS ${view}`;
    });
    const [row] = await reader.query<TaskCounts & { open: number }>(
      `SELECT ${counted.join(', ')}, count(*)::int AS open,
         (SELECT count(*)::int FROM (${closed.join(' UNION ALL ')}) c) AS completed
       FROM (${open.join(' UNION ALL ')}) t`,
      parameters.values,
    );
    if (!row) throw new Error('A count without a row.');
    const { open: openCount, ...counts } = row;
    return { ...counts, all: openCount + row.completed };
  }

  /** Deleted ones, too. */
  async byId(reader: Reader, teamId: string, id: string): Promise<TaskRow | undefined> {
    const sql = `SELECT ${COLUMNS} FROM tasks t WHERE t.team_id = $1 AND t.id = $2`;
    const [row] = await reader.query<TaskRow>(sql, [teamId, id]);
    return row;
  }

  async views(reader: Reader, teamId: string, rows: readonly TaskRow[]): Promise<TaskView[]> {
    const names = await userNames(
      reader,
      teamId,
      rows.map((row) => row.assigneeId),
    );
    const people = await this.directory.cards(
      reader,
      teamId,
      rows.map((row) => row.personId),
    );
    return rows.map((row) => viewOf(row, names, people));
  }
}

/** Where a row stands in its view's order. */
export function positionOf(view: TaskViewName, row: TaskRow): (string | null)[] {
  const values = { due_date: row.due_date, closed_at: row.closedAtText, id: row.id };
  return orderOf(view).columns.map(([column]) => values[column]);
}

/** One SELECT for each part of what the viewer may see. */
function selections(
  columns: string,
  part: TaskPart,
  viewer: Viewer,
  filter: TaskFilter,
  conditions: readonly string[],
  parameters: Parameters,
): string[] {
  const team = parameters.add(viewer.teamId);
  const own = [`t.team_id = ${team}`, PARTS[part], ...conditions, ...filterConditions(filter, parameters)];
  return visibleParts(viewer, filter.assignee, parameters).map(
    (visible) =>
      `SELECT ${columns} FROM tasks t ${visible.join} WHERE ${[...own, ...visible.conditions].join(' AND ')}`,
  );
}

function filterConditions(filter: TaskFilter, parameters: Parameters): string[] {
  const { type, priority, status, personId, q, updatedSince } = filter;
  const equal = { type, priority, status, person_id: personId };
  return [
    ...Object.entries(equal).flatMap(([column, value]) => (value ? [`t.${column} = ${parameters.add(value)}`] : [])),
    ...(q ? [`lower(t.name) LIKE lower(${parameters.add(`%${escapeLike(q)}%`)})`] : []),
    ...(updatedSince ? [`t.updated_at >= ${parameters.add(updatedSince)}::timestamptz`] : []),
  ];
}

/** What the query asks for, apart from the view. */
export function filterOf(query: TaskCountsQuery & { status?: TaskStatus }, viewer: Viewer): TaskFilter {
  const { type, priority, status, q, person_id: personId, updated_since: updatedSince } = query;
  return { assignee: assigneeOf(query.assignee_id, viewer), type, priority, status, personId, q, updatedSince };
}

function assigneeOf(text: string | undefined, viewer: Viewer): AssigneeFilter {
  const wanted = text?.toLowerCase() ?? 'me';
  if (wanted === 'any') return 'any';
  if (wanted !== 'me') return { assigneeId: wanted };
  return viewer.userId === null ? 'any' : { assigneeId: viewer.userId };
}

function viewOf(row: TaskRow, names: ReadonlyMap<string, string>, people: ReadonlyMap<string, PersonCard>): TaskView {
  const { assigneeId, personId, closedAtText: _, ...task } = row;
  const person = personId === null ? undefined : people.get(personId);
  return {
    ...task,
    assignee: { id: assigneeId, name: names.get(assigneeId) ?? '' },
    person: person ? { id: person.id, name: person.name, email: person.email } : null,
  };
}
