import { Button } from '@mantine/core';
import { IconChecklist, IconStarFilled, IconTemplate, IconUsersGroup } from '@tabler/icons-react';
import type { MouseEvent, ReactNode } from 'react';
import { dayWords } from '../tasks/due';
import { isCards } from '../ui/virtual-grid';
import { type Column, COLUMNS } from './columns';
import { ACTION_NAMES, eventWords, fullTime, kindWords, STATE_NAMES, timeWords, toWords } from './email-words';
import { TASK_NAMES } from './follow-up';
import type { Email } from './folders';

export type QuickAction = Email['quick_actions'][number];

interface CellProps {
  email: Email;
  /** All that the list shows. */
  columns: readonly Column[];
  timeZone: string;
  now: Date;
  /** Why the server refused what was just done with it. */
  refusal: string | undefined;
  isOwn: boolean;
  onAct(action: QuickAction): void;
}

/** What a click on it is for is said by it, not by its row. */
export const alone = (event: MouseEvent) => event.stopPropagation();

/** Each column as wide in the head as in the rows; cards are laid out by their style alone. */
export const widthOf = (column: Column) => {
  const { width, share } = COLUMNS[column];
  return isCards() ? undefined : { flex: `${share} ${share === 0 ? 0 : 1} ${width}px`, minWidth: width };
};

const CLASSES: Partial<Record<Column, string>> = {
  person: 'cell-who',
  subject: 'cell-subject',
  actions: 'cell-actions',
  ...{ created: 'cell-time', updated: 'cell-time', sent: 'cell-time', failed: 'cell-time', scheduled: 'cell-time' },
};

export const classOf = (column: Column): string => CLASSES[column] ?? 'cell-plain';

export function EmailCell({ column, ...props }: CellProps & { column: Column }) {
  const words = wordsOf(column, props.email);
  return (
    <div
      role="gridcell"
      className={classOf(column)}
      style={widthOf(column)}
      title={words}
      onClick={column === 'actions' ? alone : undefined}
    >
      {words ?? contentOf(column, props)}
    </div>
  );
}

/** Of columns that are nothing but words. */
function wordsOf(column: Column, email: Email): string | undefined {
  switch (column) {
    case 'address':
      return email.to_address ?? '';
    case 'title':
      return email.person?.title ?? '';
    case 'company':
      return email.person?.company ?? '';
    case 'groups':
      return email.person?.groups.map(({ name }) => name).join(', ') ?? '';
    case 'template':
      return email.template?.name ?? '';
    case 'status':
      return STATE_NAMES[email.state];
    case 'sender':
      return email.identity ? `${email.identity.name} <${email.identity.email}>` : '';
    case 'channel':
      return email.channel?.name ?? '';
    case 'group_email':
      return kindWords(email) ?? '';
    case 'reason':
      return email.reason ? [email.reason.text, email.reason.detail].filter(Boolean).join(' ') : '';
    default:
      return undefined;
  }
}

function contentOf(column: Column, props: CellProps): ReactNode {
  const { email } = props;
  switch (column) {
    case 'person':
      return <Who {...props} />;
    case 'subject':
      return <Subject {...props} />;
    case 'actions':
      return <Actions {...props} />;
    case 'task':
      return email.task && <TaskMark task={email.task} />;
    case 'latest_activity':
      return <Activity {...props} />;
    case 'created':
      return <Time {...props} at={email.created_at} />;
    case 'updated':
      return <Time {...props} at={email.updated_at} />;
    case 'sent':
      return <Time {...props} at={email.sent_at} />;
    case 'failed':
      return <Time {...props} at={email.failed_at} />;
    default:
      return <Time {...props} at={email.send_at} />;
  }
}

function Who({ email, columns }: CellProps) {
  const { name, address } = toWords(email);
  return (
    <>
      <span className="name" title={address}>
        {name}
      </span>
      {!columns.includes('address') && <small>{address}</small>}
    </>
  );
}

function Subject(props: CellProps) {
  const { email } = props;
  return (
    <>
      <span className="subject-line">
        {email.success && <IconStarFilled size={14} className="mark-success" role="img" aria-label="Success" />}
        <span className="name" title={email.subject}>
          {email.subject}
        </span>
        <Marks {...props} />
      </span>
      <Why {...props} />
    </>
  );
}

function Time({ at, timeZone, now }: CellProps & { at: string | null }) {
  if (at === null) return null;
  return (
    <time dateTime={at} title={fullTime(at, timeZone)}>
      {timeWords(at, timeZone, now)}
    </time>
  );
}

function Activity(props: CellProps) {
  const { latest_activity: latest } = props.email;
  if (!latest) return null;
  return (
    <>
      <Time {...props} at={latest.at} />
      <small title={eventWords(latest.event)}>{eventWords(latest.event)}</small>
    </>
  );
}

function Actions({ email, isOwn, onAct }: CellProps) {
  const { name } = toWords(email);
  return (isOwn ? email.quick_actions : []).map((action) => (
    <Button
      key={action}
      size="compact-sm"
      variant="default"
      tabIndex={-1}
      aria-label={`${labelOf(action, email)}: ${email.subject} to ${name}`}
      onClick={() => onAct(action)}
    >
      {labelOf(action, email)}
    </Button>
  ));
}

const labelOf = (action: QuickAction, email: Email) =>
  action === 'success' && email.success ? 'No success' : ACTION_NAMES[action];

/** What has no column of its own here. */
function Marks({ email, columns }: Pick<CellProps, 'email' | 'columns'>) {
  const kind = kindWords(email);
  return (
    <>
      {kind && !columns.includes('group_email') && (
        <span className="mark">
          <IconUsersGroup size={14} aria-hidden="true" /> {kind}
        </span>
      )}
      {email.task && !columns.includes('task') && <TaskMark task={email.task} />}
      {email.template_id !== null && !columns.includes('template') && (
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
function Why({ email, columns, refusal, timeZone, now }: CellProps) {
  const { waiting, reason } = email;
  if (refusal !== undefined) return <Line text={refusal} tone="bad" />;
  if (reason && columns.includes('reason')) return null;
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
