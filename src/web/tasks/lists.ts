import type { Schemas } from '../api/client';
import { addDays } from './due';
import type { Priority, TaskType, ViewName } from './views';

export type Task = Schemas['TaskView'];
export type Counts = Schemas['TaskCounts'];

export interface TaskPages {
  pages: { data: Task[]; next: string | null }[];
  pageParams: unknown[];
}

/** What narrows a list, as its query names it. */
export interface Narrow {
  q?: string;
  type?: TaskType;
  priority?: Priority;
  /** An id, or `any`; one's own when left out. */
  assignee_id?: string;
}
export interface ListQuery extends Narrow {
  view: ViewName;
  from?: string;
  to?: string;
}

/** Who looks, and when. */
export interface Looker {
  today: string;
  now: Date;
  me: string | undefined;
}

const COUNTED = ['today', 'overdue', 'next_7_days', 'upcoming', 'no_date', 'completed', 'all'] as const;

/** Pure: whether a list shows a task. The server decides by the same rules; this only spares the wait for it. */
export function listHas(list: ListQuery, task: Task, looker: Looker): boolean {
  return isNarrowedTo(list, task, looker) && viewHas(list, task, looker);
}

function isNarrowedTo({ q, type, priority, assignee_id: assignee }: Narrow, task: Task, { me }: Looker): boolean {
  if (q !== undefined && !task.name.toLowerCase().includes(q.toLowerCase())) return false;
  if (type !== undefined && task.type !== type) return false;
  if (priority !== undefined && task.priority !== priority) return false;
  return assignee === 'any' || task.assignee.id === (assignee ?? me);
}

function viewHas({ view, from, to }: ListQuery, task: Task, { today, now }: Looker): boolean {
  if (task.deleted_at !== null || task.away_since !== null) return false;
  if (view === 'all') return true;
  if (view === 'completed') return task.status !== 'open';
  if (task.status !== 'open') return false;
  if (task.snoozed_until !== null && new Date(task.snoozed_until) > now) return false;
  const due = task.due_date;
  if (view === 'no_date' || due === null) return view === 'no_date' && due === null;
  switch (view) {
    case 'today':
      return due >= today && due <= addDays(today, 1);
    case 'overdue':
      return due < today;
    case 'next_7_days':
      return due >= today && due <= addDays(today, 6);
    case 'upcoming':
      return due >= addDays(today, 2);
    case 'range':
      return (from === undefined || due >= from) && (to === undefined || due <= to);
  }
}

/** Pure: the order of a view, as the server has it. */
export function compareIn(view: ViewName): (a: Task, b: Task) => number {
  if (view === 'all') return (a, b) => byText(b.id, a.id);
  if (view === 'completed') return (a, b) => byText(b.closed_at ?? '', a.closed_at ?? '') || byText(b.id, a.id);
  return (a, b) => byText(a.due_date ?? '~', b.due_date ?? '~') || byText(a.id, b.id);
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Pure: a list with some tasks as they are now: those that it shows at their places, the others gone. */
export function putTasks(pages: TaskPages, list: ListQuery, changed: readonly Task[], looker: Looker): TaskPages {
  const ids = new Set(changed.map(({ id }) => id));
  const compare = compareIn(list.view);
  const result = pages.pages.map((page) => ({ ...page, data: page.data.filter(({ id }) => !ids.has(id)) }));
  for (const task of changed) {
    if (!listHas(list, task, looker)) continue;
    const at = result.findIndex(({ data }) => data.some((other) => compare(task, other) < 0));
    const page = at >= 0 ? result[at] : result.at(-1);
    // Behind all that was loaded, and there is more: it comes with its page.
    if (!page || (at < 0 && page.next !== null)) continue;
    const place = page.data.findIndex((other) => compare(task, other) < 0);
    page.data.splice(place < 0 ? page.data.length : place, 0, task);
  }
  return { ...pages, pages: result };
}

/** Pure: the counts after some tasks became others. */
export function countsAfter(
  counts: Counts,
  narrow: Narrow,
  changes: readonly { before: Task; after: Task }[],
  looker: Looker,
): Counts {
  const result = { ...counts };
  for (const { before, after } of changes) {
    for (const view of COUNTED) {
      const was = listHas({ ...narrow, view }, before, looker);
      const is = listHas({ ...narrow, view }, after, looker);
      result[view] = Math.max(0, result[view] + Number(is) - Number(was));
    }
  }
  return result;
}
