import { Checkbox } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useEffect, useMemo, useRef } from 'react';
import type { Task } from './cache';
import { groupOf } from './due';
import { TaskRow } from './task-row';

interface GridProps {
  tasks: readonly Task[];
  /** How many the view has, loaded or not. */
  total: number;
  today: string;
  active: number;
  selected: ReadonlySet<string>;
  refused: ReadonlyMap<string, string>;
  showsAssignee: boolean;
  onActive(index: number): void;
  onSelect(id: string): void;
  onOpen(task: Task): void;
  onDone(task: Task): void;
  /** The last loaded row comes into sight. */
  onEnd(): void;
}

type Line = { kind: 'group'; title: string } | { kind: 'task'; task: Task; index: number };

/** The list: one stop of the Tab key, in which the arrow keys move; only the rows in sight exist. */
export function TaskGrid(props: GridProps) {
  const { tasks, total, today, active, selected, refused, showsAssignee, onEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => linesOf(tasks, today), [tasks, today]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'group' ? 38 : rowHeight()),
    overscan: 12,
    getItemKey: (index) => {
      const line = lines[index];
      return line?.kind === 'task' ? line.task.id : (line?.title ?? index);
    },
  });
  const items = virtual.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lines.length > 0 && lastSeen >= lines.length - 10) onEnd();
  }, [lastSeen, lines.length, onEnd]);
  const activeLine = lines.findIndex((line) => line.kind === 'task' && line.index === active);
  useEffect(() => {
    if (activeLine >= 0) virtual.scrollToIndex(activeLine, { align: 'auto' });
  }, [activeLine, virtual]);

  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      aria-label="Tasks"
      aria-rowcount={total}
      aria-multiselectable="true"
      aria-activedescendant={tasks[active] ? `task-${tasks[active].id}` : undefined}
      tabIndex={0}
    >
      <div className="grid-body" role="presentation" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const line = lines[item.index];
          const style: CSSProperties = { transform: `translateY(${item.start}px)`, height: item.size };
          if (!line) return null;
          if (line.kind === 'group') {
            return (
              <div key={item.key} role="row" className={`group group-${line.title.toLowerCase()}`} style={style}>
                <div role="gridcell">{line.title}</div>
              </div>
            );
          }
          const { task, index } = line;
          return (
            <TaskRow
              key={item.key}
              task={task}
              index={index}
              today={today}
              style={style}
              isActive={index === active}
              isSelected={selected.has(task.id)}
              refusal={refused.get(task.id)}
              showsAssignee={showsAssignee}
              select={
                <Checkbox
                  size="sm"
                  tabIndex={-1}
                  aria-label={`Select ${task.name}`}
                  checked={selected.has(task.id)}
                  onChange={() => props.onSelect(task.id)}
                />
              }
              onClick={() => {
                props.onActive(index);
                props.onOpen(task);
              }}
              onDone={() => props.onDone(task)}
            />
          );
        })}
      </div>
    </div>
  );
}

/** As tasks.css has it. */
function rowHeight(): number {
  return matchMedia('(max-width: 700px)').matches ? 66 : 46;
}

/** The rows with a heading before each group. */
function linesOf(tasks: readonly Task[], today: string): Line[] {
  const lines: Line[] = [];
  let last = '';
  tasks.forEach((task, index) => {
    const title = task.status === 'open' ? groupOf(task.due_date, today) : 'Done';
    if (title !== last) lines.push({ kind: 'group', title });
    last = title;
    lines.push({ kind: 'task', task, index });
  });
  // One kind of task needs no heading.
  return lines.filter(({ kind }) => kind === 'group').length > 1 ? lines : lines.filter(({ kind }) => kind === 'task');
}
