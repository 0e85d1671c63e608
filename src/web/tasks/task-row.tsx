import { Checkbox } from '@mantine/core';
import { IconBrandLinkedin, IconCheck, IconFlag3, IconMail, IconNote, IconPhone, IconZzz } from '@tabler/icons-react';
import type { CSSProperties, MouseEvent } from 'react';
import { agoWords, dayWords, type DueWords, dueWords } from './due';
import type { Task } from './lists';
import { TYPE_NAMES } from './names';
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
  onSelect(isRange: boolean): void;
  onClick(): void;
  onDone(): void;
}

const TYPE_ICONS = { email: IconMail, call: IconPhone, inmail: IconBrandLinkedin, custom: IconNote } as const;

/** What a click on it is for is said by it, not by its row. */
const alone = (event: MouseEvent) => event.stopPropagation();

export function TaskRow(props: RowProps) {
  const { task, index, today, isActive, isSelected, refusal, showsAssignee, onSelect } = props;
  const Icon = TYPE_ICONS[task.type];
  const done = task.status !== 'open';
  const due = shownDue(task, today);
  const sleeps = !done && task.snoozed_until !== null && new Date(task.snoozed_until) > new Date();
  const classes = ['row', isActive && 'row-active', isSelected && 'row-selected', refusal && 'row-refused'];
  return (
    <div
      id={`task-${task.id}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={classes.filter(Boolean).join(' ')}
      style={props.style}
      onClick={(event) => (event.shiftKey ? onSelect(true) : props.onClick())}
    >
      <div role="gridcell" className="cell-select" onClick={alone}>
        <Checkbox
          size="xs"
          tabIndex={-1}
          aria-label={`Select ${task.name}`}
          checked={isSelected}
          onChange={({ nativeEvent }) => onSelect((nativeEvent as unknown as { shiftKey?: boolean }).shiftKey === true)}
        />
      </div>
      <div role="gridcell" className="cell-done" onClick={alone}>
        <button
          type="button"
          tabIndex={-1}
          className={done ? 'tick tick-done' : 'tick'}
          aria-label={done ? `Open ${task.name} again` : `Complete ${task.name}`}
          onClick={props.onDone}
        >
          <span>
            <IconCheck size={13} stroke={3} aria-hidden="true" />
          </span>
        </button>
      </div>
      <div role="gridcell" className="cell-name">
        <Icon size={16} aria-label={TYPE_NAMES[task.type]} role="img" />
        <span className={done ? 'name name-done' : 'name'} title={task.name}>
          {task.name}
        </span>
        {task.priority !== 'normal' && (
          <span className={`priority priority-${task.priority}`}>
            <IconFlag3 size={14} aria-hidden="true" /> {task.priority === 'high' ? 'High' : 'Low'}
          </span>
        )}
        {sleeps && <IconZzz size={16} role="img" aria-label="Snoozed" />}
        {refusal && (
          <span className="refusal" title={refusal}>
            {refusal}
          </span>
        )}
      </div>
      <div role="gridcell" className="cell-person">
        {task.person?.name}
      </div>
      <div role="gridcell" className="cell-company" title={task.what_name ?? undefined}>
        {task.what_name}
      </div>
      {showsAssignee && (
        <div role="gridcell" className="cell-assignee">
          {task.assignee.name}
        </div>
      )}
      <div role="gridcell" className={`cell-due due-${due.tone}`} title={task.due_date ? dayWords(task.due_date) : ''}>
        {due.text}
      </div>
      <div role="gridcell" className="cell-sync">
        <SyncMark task={task} />
      </div>
    </div>
  );
}

function shownDue({ status, closed_at: closedAt, due_date: due }: Task, today: string): DueWords {
  if (status === 'open') return dueWords(due, today);
  if (status === 'skipped') return { text: 'Skipped', tone: 'none' };
  return { text: closedAt === null ? 'Done' : agoWords(closedAt, new Date()), tone: 'none' };
}
