import { useMemo } from 'react';
import { SelectAll } from '../ui/select-all';
import { isCards, VirtualGrid } from '../ui/virtual-grid';
import { linesOf } from './lines';
import type { Task } from './lists';
import { TaskRow } from './task-row';
import type { ViewName } from './views';

interface GridProps {
  tasks: readonly Task[];
  view: ViewName;
  /** How many the view has, loaded or not. */
  total: number;
  today: string;
  active: number;
  selected: ReadonlySet<string>;
  refused: ReadonlyMap<string, string>;
  showsAssignee: boolean;
  isLoadingMore: boolean;
  onActive(index: number): void;
  /** `isRange`: everything since the last one, as Shift says. */
  onSelect(index: number, isRange: boolean): void;
  onSelectAll(): void;
  onOpen(task: Task): void;
  onDone(task: Task): void;
  /** The last loaded row comes into sight. */
  onEnd(): void;
}

const GROUP_HEIGHT = 34;
/** As tasks.css has them. */
const ROW_HEIGHT = 42;
const CARD_HEIGHT = 68;

/** The list: one stop of the Tab key, in which the arrow keys move; only the rows in sight exist. */
export function TaskGrid(props: GridProps) {
  const { tasks, view, total, today, active, selected, refused, showsAssignee, onEnd } = props;
  const lines = useMemo(() => linesOf(tasks, today, view), [tasks, today, view]);
  const activeLine = lines.findIndex((line) => line.kind === 'task' && line.index === active);
  const current = tasks[active];

  return (
    <VirtualGrid
      label="Tasks"
      rowCount={total + 1}
      activeId={current ? `task-${current.id}` : undefined}
      count={lines.length}
      // The heading of the first group belongs to its first row.
      activeLine={activeLine === 1 ? 0 : activeLine}
      sizeOf={(index) => (lines[index]?.kind === 'group' ? GROUP_HEIGHT : isCards() ? CARD_HEIGHT : ROW_HEIGHT)}
      keyOf={(index) => {
        const line = lines[index];
        return line?.kind === 'task' ? line.task.id : (line?.title ?? index);
      }}
      isLoadingMore={props.isLoadingMore}
      onEnd={onEnd}
      head={
        <div className="grid-head" role="row" aria-rowindex={1}>
          <SelectAll count={tasks.length} selected={selected.size} onAll={props.onSelectAll} />
          <div role="columnheader" className="cell-done">
            <span className="sr-only">Done</span>
          </div>
          <div role="columnheader" className="cell-name">
            Task
          </div>
          <div role="columnheader" className="cell-person">
            Person
          </div>
          <div role="columnheader" className="cell-company">
            Related to
          </div>
          {showsAssignee && (
            <div role="columnheader" className="cell-assignee">
              Assignee
            </div>
          )}
          <div role="columnheader" className="cell-due">
            {view === 'completed' ? 'Completed' : 'Due'}
          </div>
          <div role="columnheader" className="cell-sync">
            <span className="sr-only">Salesforce</span>
          </div>
        </div>
      }
      row={(lineIndex, style) => {
        const line = lines[lineIndex];
        if (!line) return null;
        if (line.kind === 'group') {
          return (
            <div role="row" className={`group group-${line.title.toLowerCase()}`} style={style}>
              <div role="gridcell">
                {line.title} <span className="count">{line.count}</span>
              </div>
            </div>
          );
        }
        const { task, index } = line;
        return (
          <TaskRow
            task={task}
            index={index}
            today={today}
            style={style}
            isActive={index === active}
            isSelected={selected.has(task.id)}
            refusal={refused.get(task.id)}
            showsAssignee={showsAssignee}
            onSelect={(isRange) => props.onSelect(index, isRange)}
            onClick={() => {
              props.onActive(index);
              props.onOpen(task);
            }}
            onDone={() => props.onDone(task)}
          />
        );
      }}
    />
  );
}
