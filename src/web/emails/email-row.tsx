import { Button, Checkbox } from '@mantine/core';
import { IconChecklist, IconStarFilled, IconTemplate, IconUsersGroup } from '@tabler/icons-react';
import type { CSSProperties, MouseEvent } from 'react';
import { dayWords } from '../tasks/due';
import { ACTION_NAMES, fullTime, kindWords, timeOf, timeWords, toWords } from './email-words';
import type { Email } from './folders';
import { TASK_NAMES } from './follow-up';

export type QuickAction = Email['quick_actions'][number];

interface RowProps {
  email: Email;
  index: number;
  timeZone: string;
  now: Date;
  style: CSSProperties;
  isActive: boolean;
  isSelected: boolean;
  /** Why the server refused what was just done with it. */
  refusal: string | undefined;
  isOwn: boolean;
  onSelect(isRange: boolean): void;
  onClick(): void;
  onAct(action: QuickAction): void;
}

/** What a click on it is for is said by it, not by its row. */
const alone = (event: MouseEvent) => event.stopPropagation();

export function EmailRow(props: RowProps) {
  const { email, index, timeZone, now, isActive, isSelected, refusal, onSelect } = props;
  const { name, address } = toWords(email);
  const at = timeOf(email);
  const classes = [
    'row',
    'email-row',
    isActive && 'row-active',
    isSelected && 'row-selected',
    refusal && 'row-refused',
  ];
  return (
    <div
      id={`email-${email.id}`}
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
          aria-label={`Select ${email.subject} to ${name}`}
          checked={isSelected}
          onChange={({ nativeEvent }) => onSelect((nativeEvent as unknown as { shiftKey?: boolean }).shiftKey === true)}
        />
      </div>
      <div role="gridcell" className="cell-who" title={address}>
        <span className="name">{name}</span>
        <small>{address}</small>
      </div>
      <div role="gridcell" className="cell-subject" title={email.subject}>
        <span className="subject-line">
          {email.success && <IconStarFilled size={14} className="mark-success" role="img" aria-label="Success" />}
          <span className="name">{email.subject}</span>
          <Marks email={email} />
        </span>
        <Why email={email} refusal={refusal} timeZone={timeZone} now={now} />
      </div>
      <div role="gridcell" className="cell-time">
        <time dateTime={at} title={fullTime(at, timeZone)}>
          {timeWords(at, timeZone, now)}
        </time>
      </div>
      <div role="gridcell" className="cell-actions" onClick={alone}>
        {(props.isOwn ? email.quick_actions : []).map((action) => (
          <Button
            key={action}
            size="compact-sm"
            variant="default"
            tabIndex={-1}
            aria-label={`${labelOf(action, email)}: ${email.subject} to ${name}`}
            onClick={() => props.onAct(action)}
          >
            {labelOf(action, email)}
          </Button>
        ))}
      </div>
    </div>
  );
}

const labelOf = (action: QuickAction, email: Email) =>
  action === 'success' && email.success ? 'No success' : ACTION_NAMES[action];

function Marks({ email }: { email: Email }) {
  const kind = kindWords(email);
  return (
    <>
      {kind && (
        <span className="mark">
          <IconUsersGroup size={14} aria-hidden="true" /> {kind}
        </span>
      )}
      {email.task && <TaskMark task={email.task} />}
      {email.template_id !== null && (
        <span className="mark-template" title="From a template">
          <IconTemplate size={15} role="img" aria-label="From a template" />
        </span>
      )}
    </>
  );
}

/** What follows it up. */
function TaskMark({ task: { type, name, status, due_date: due } }: { task: NonNullable<Email['task']> }) {
  const words = status !== 'open' ? status : due === null ? '' : dayWords(due);
  return (
    <span className="mark" title={name}>
      <IconChecklist size={14} aria-hidden="true" /> {TASK_NAMES[type]}
      {words && ` · ${words}`}
    </span>
  );
}

/** Why it lies where it lies: what the server just refused, why it was not delivered, why it waits. */
function Why({ email, refusal, timeZone, now }: Pick<RowProps, 'email' | 'refusal' | 'timeZone' | 'now'>) {
  const { waiting, reason } = email;
  if (refusal !== undefined) return <Line text={refusal} tone="bad" />;
  if (reason) return <Line text={reason.detail ? `${reason.text} (${reason.detail})` : reason.text} tone="bad" />;
  if (!waiting) return null;
  const until = waiting.until === null ? '' : `Not before ${timeWords(waiting.until, timeZone, now)}: `;
  return <Line text={`${until}${waiting.text}`} tone="waiting" />;
}

function Line({ text, tone }: { text: string; tone: 'bad' | 'waiting' }) {
  return (
    <small className={`why why-${tone}`} title={text}>
      {text}
    </small>
  );
}
