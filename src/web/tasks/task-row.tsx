import { IconBrandLinkedin, IconCheck, IconCircleDashed, IconMail, IconPhone } from '@tabler/icons-react';
import type { CSSProperties, ReactNode } from 'react';
import type { Task } from './cache';
import { dueWords } from './due';
import { SyncMark } from './sync-mark';

interface RowProps {
  task: Task;
  index: number;
  today: string;
  style: CSSProperties;
  isActive: boolean;
  isSelected: boolean;
  /** Why the server refused what was just done with it. */
  refusal: string | undefined;
  showsAssignee: boolean;
  select: ReactNode;
  onClick(): void;
  onDone(): void;
}

const TYPE_ICONS = { email: IconMail, call: IconPhone, inmail: IconBrandLinkedin, custom: IconCircleDashed } as const;
const TYPE_NAMES = { email: 'Email', call: 'Call', inmail: 'InMail', custom: 'Task' } as const;

export function TaskRow(props: RowProps) {
  const { task, index, today, isActive, isSelected, refusal, showsAssignee } = props;
  const Icon = TYPE_ICONS[task.type];
  const done = task.status !== 'open';
  const due = done
    ? { text: task.status === 'skipped' ? 'Skipped' : 'Done', tone: 'none' }
    : dueWords(task.due_date, today);
  const classes = ['row', isActive && 'row-active', isSelected && 'row-selected', refusal && 'row-refused'];
  return (
    <div
      id={`task-${task.id}`}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isSelected}
      className={classes.filter(Boolean).join(' ')}
      style={props.style}
      onClick={props.onClick}
    >
      <div role="gridcell" className="cell-select" onClick={(event) => event.stopPropagation()}>
        {props.select}
      </div>
      <div role="gridcell" className="cell-done" onClick={(event) => event.stopPropagation()}>
        <button
          type="button"
          tabIndex={-1}
          className={done ? 'tick tick-done' : 'tick'}
          aria-label={done ? `Open ${task.name} again` : `Complete ${task.name}`}
          onClick={props.onDone}
        >
          <IconCheck size={14} stroke={3} aria-hidden="true" />
        </button>
      </div>
      <div role="gridcell" className="cell-name">
        <Icon size={17} aria-label={TYPE_NAMES[task.type]} role="img" />
        <span className={done ? 'name name-done' : 'name'}>{task.name}</span>
        {task.priority === 'high' && <span className="priority">High</span>}
        {refusal && <span className="refusal">{refusal}</span>}
      </div>
      <div role="gridcell" className="cell-person">
        {task.person?.name}
        {task.what_name && <span className="company">{task.what_name}</span>}
      </div>
      {showsAssignee && (
        <div role="gridcell" className="cell-assignee">
          {task.assignee.name}
        </div>
      )}
      <div role="gridcell" className={`cell-due due-${due.tone}`}>
        {due.text}
      </div>
      <div role="gridcell" className="cell-sync">
        <SyncMark task={task} />
      </div>
    </div>
  );
}
