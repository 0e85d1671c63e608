import type { Schemas } from '../api/client';

export type Task = Schemas['TaskView'];
export interface TaskPages {
  pages: { data: Task[]; next: string | null }[];
  pageParams: unknown[];
}

/** Pure: the pages with some tasks changed; those for which `change` answers null are left out. */
export function patchPages(
  pages: TaskPages | undefined,
  ids: ReadonlySet<string>,
  change: (task: Task) => Task | null,
): TaskPages | undefined {
  if (!pages) return pages;
  const patched = pages.pages.map((page) => ({
    ...page,
    data: page.data.flatMap((task) => {
      if (!ids.has(task.id)) return [task];
      const after = change(task);
      return after ? [after] : [];
    }),
  }));
  return { ...pages, pages: patched };
}

/** Pure: what an act leaves of a task in a list that shows open tasks, or completed ones. */
export function afterAct(act: Act, listsCompleted: boolean): (task: Task) => Task | null {
  switch (act.action) {
    case 'complete':
    case 'skip':
      return (task) => (listsCompleted ? { ...task, status: act.action === 'skip' ? 'skipped' : 'completed' } : null);
    case 'reopen':
      return (task) => (listsCompleted ? null : { ...task, status: 'open' });
    case 'delete':
      return () => null;
    case 'reschedule':
      return (task) => ({ ...task, due_date: act.due_date });
    case 'reassign':
      return (task) => ({ ...task, assignee: { id: act.assignee_id, name: act.assignee_name } });
    case 'set_priority':
      return (task) => ({ ...task, priority: act.priority });
    case 'restore':
      return (task) => task;
  }
}

export type Act =
  | { action: 'complete' | 'skip' | 'reopen' | 'delete' | 'restore' }
  | { action: 'reschedule'; due_date: string | null }
  | { action: 'reassign'; assignee_id: string; assignee_name: string }
  | { action: 'set_priority'; priority: Task['priority'] };

/** Pure: the acts that undo one, each with its tasks: they may have had different values before. */
export function undoOf(act: Act, before: readonly Task[]): { act: Act; ids: string[] }[] {
  const all = before.map(({ id }) => id);
  switch (act.action) {
    case 'complete':
    case 'skip':
      return [{ act: { action: 'reopen' }, ids: all }];
    case 'reopen':
      return [{ act: { action: 'complete' }, ids: all }];
    case 'delete':
      return [{ act: { action: 'restore' }, ids: all }];
    case 'restore':
      return [{ act: { action: 'delete' }, ids: all }];
    case 'reschedule':
      return grouped(before, (task) => task.due_date ?? '').map(([due, ids]) => ({
        act: { action: 'reschedule', due_date: due === '' ? null : due },
        ids,
      }));
    case 'reassign':
      return grouped(before, (task) => task.assignee.id).map(([id, ids]) => {
        const name = before.find((task) => task.assignee.id === id)?.assignee.name ?? '';
        return { act: { action: 'reassign', assignee_id: id, assignee_name: name }, ids };
      });
    case 'set_priority':
      return grouped(before, (task) => task.priority).map(([priority, ids]) => ({
        act: { action: 'set_priority', priority: priority as Task['priority'] },
        ids,
      }));
  }
}

function grouped(tasks: readonly Task[], keyOf: (task: Task) => string): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const task of tasks) groups.set(keyOf(task), [...(groups.get(keyOf(task)) ?? []), task.id]);
  return [...groups];
}

const DONE: Readonly<Record<Act['action'], string>> = {
  complete: 'completed',
  skip: 'skipped',
  reopen: 'opened again',
  delete: 'deleted',
  restore: 'restored',
  reschedule: 'rescheduled',
  reassign: 'reassigned',
  set_priority: 'changed',
};

/** Pure: what was done, as a sentence. */
export function doneWords(act: Act, names: readonly string[]): string {
  const what = names.length === 1 ? `“${names[0]}”` : `${names.length} tasks`;
  return `${what} ${DONE[act.action]}.`;
}
