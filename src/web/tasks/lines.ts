import { groupOf } from './due';
import type { Task } from './lists';
import type { ViewName } from './views';

export type Line = { kind: 'group'; title: string; count: number } | { kind: 'task'; task: Task; index: number };

/** Pure: the rows with a heading before each group, in the views that are sorted by due date. */
export function linesOf(tasks: readonly Task[], today: string, view: ViewName): Line[] {
  const rows = tasks.map((task, index) => ({ kind: 'task', task, index }) as const);
  if (view === 'all' || view === 'completed') return rows;
  const lines: Line[] = [];
  let group: { kind: 'group'; title: string; count: number } | undefined;
  for (const row of rows) {
    const title = groupOf(row.task.due_date, today);
    if (group?.title !== title) {
      group = { kind: 'group', title, count: 0 };
      lines.push(group);
    }
    group.count += 1;
    lines.push(row);
  }
  // One kind of task needs no heading.
  return lines.filter(({ kind }) => kind === 'group').length > 1 ? lines : rows;
}
