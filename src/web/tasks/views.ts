export const VIEWS = [
  ['today', 'Today & tomorrow'],
  ['overdue', 'Late'],
  ['next_7_days', 'Next 7 days'],
  ['upcoming', 'Upcoming'],
  ['no_date', 'No date'],
  ['completed', 'Completed'],
  ['all', 'All'],
] as const;

export function viewLabel(view: ViewName): string {
  return VIEWS.find(([name]) => name === view)?.[1] ?? 'Chosen days';
}

export type ViewName = (typeof VIEWS)[number][0] | 'range';
export type TaskType = 'email' | 'call' | 'inmail' | 'custom';
export type Priority = 'low' | 'normal' | 'high';

/** What the address says is shown. */
export interface TaskQuery {
  view: ViewName;
  from: string | undefined;
  to: string | undefined;
  q: string;
  type: TaskType | undefined;
  priority: Priority | undefined;
  /** `me` when left out; an id, or `any`. */
  assignee: string | undefined;
  /** The task whose details are open. */
  task: string | undefined;
}

const TYPES: readonly string[] = ['email', 'call', 'inmail', 'custom'];
const PRIORITIES: readonly string[] = ['low', 'normal', 'high'];
const DATE = /^\d{4}-\d\d-\d\d$/;

/** Pure: what an address asks for; what it says wrongly is as if it were not there. */
export function parseQuery(search: string): TaskQuery {
  const given = new URLSearchParams(search);
  const view = given.get('view') ?? 'today';
  const [from, to] = [given.get('from') ?? '', given.get('to') ?? ''];
  const days = [from, to].filter((day) => day !== '');
  const isOrdered = from === '' || to === '' || from <= to;
  const isRange = view === 'range' && days.length > 0 && days.every((day) => DATE.test(day)) && isOrdered;
  const known = VIEWS.some(([name]) => name === view);
  return {
    view: isRange ? 'range' : known ? (view as ViewName) : 'today',
    from: isRange && from !== '' ? from : undefined,
    to: isRange && to !== '' ? to : undefined,
    q: given.get('q') ?? '',
    type: oneOf<TaskType>(given.get('type'), TYPES),
    priority: oneOf<Priority>(given.get('priority'), PRIORITIES),
    assignee: given.get('assignee') ?? undefined,
    task: given.get('task') ?? undefined,
  };
}

/** Pure: the address of what is shown, without what is usual. */
export function searchOf(query: TaskQuery): string {
  const search = new URLSearchParams();
  if (query.view !== 'today') search.set('view', query.view);
  for (const name of ['from', 'to', 'q', 'type', 'priority', 'assignee', 'task'] as const) {
    const value = query[name];
    if (value !== undefined && value !== '') search.set(name, value);
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

function oneOf<T extends string>(value: string | null, known: readonly string[]): T | undefined {
  return value !== null && known.includes(value) ? (value as T) : undefined;
}
