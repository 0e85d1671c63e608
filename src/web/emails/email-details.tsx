import { ActionIcon, Alert, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { answerOf, api } from '../api/client';
import { attachmentInputs } from '../files/attached';
import { AttachedList } from '../files/attached-list';
import { dayWords } from '../tasks/due';
import { useNow } from '../ui/use-now';
import { useRun } from '../ui/use-run';
import { EmailEvents } from './email-events';
import { EmailFrame } from './email-frame';
import type { EmailPanelProps } from './email-panel';
import { ACTION_NAMES, fullTime, kindWords, recipientOf, timeWords } from './email-words';
import type { Email, EmailDetail } from './folders';
import { FollowUp, TASK_NAMES } from './follow-up';
import { Preview } from './preview';
import { useIdentities } from './queries';

export function EmailDetails(props: EmailPanelProps & { email: EmailDetail }) {
  const { email, timeZone } = props;
  const { reason, waiting } = email;
  return (
    <div className="details email-details">
      <Actions {...props} />
      <h2 className="email-title">{email.subject}</h2>
      {reason && (
        <Alert color="red" title={reason.text}>
          {reason.detail}
        </Alert>
      )}
      {waiting && (
        <Alert
          color="yellow"
          title={waiting.until === null ? 'Waits for somebody' : `Not before ${fullTime(waiting.until, timeZone)}`}
        >
          {waiting.text}
        </Alert>
      )}
      <Headers {...props} />
      <Content email={email} />
      <AttachedList emailId={email.id} attached={email.attachments} />
      <Attempts email={email} timeZone={timeZone} />
      <EmailEvents id={email.id} timeZone={timeZone} />
    </div>
  );
}

function Actions({ email, isOwn, onAct, onClose }: EmailPanelProps & { email: EmailDetail }) {
  const [, go] = useLocation();
  const { run, busy } = useRun(['emails', 'email-counts']);
  const { state } = email;
  async function followUp() {
    const write = () => answerOf(api.POST('/v1/emails', { body: { reply_to_id: email.id } }));
    const draft = await run(write, 'The follow-up is among your drafts.');
    if (draft) go(`/emails/compose?id=${draft.id}`);
  }
  return (
    <div className="details-actions email-actions">
      {isOwn && (
        <FollowUp
          email={email}
          busy={busy}
          onWrite={state === 'delivered' || state === 'archived' ? () => void followUp() : undefined}
        />
      )}
      {(isOwn ? email.quick_actions : []).map((action) => (
        <Button key={action} variant="default" onClick={() => onAct(action, email)}>
          {action === 'success' && email.success ? 'No success' : ACTION_NAMES[action]}
        </Button>
      ))}
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        className="details-close"
        aria-label="Close"
        onClick={onClose}
      >
        <IconX size={20} />
      </ActionIcon>
    </div>
  );
}

function Headers({ email, timeZone, onBatch }: EmailPanelProps & { email: EmailDetail }) {
  const identities = useIdentities();
  const template = useQuery({
    queryKey: ['template', email.template_id],
    queryFn: () => answerOf(api.GET('/v1/templates/{id}', { params: { path: { id: email.template_id ?? '' } } })),
    enabled: email.template_id !== null,
  });
  const own = identities.data?.data ?? [];
  const from = own.find(({ id, is_default: isDefault }) => (email.identity_id ? id === email.identity_id : isDefault));
  const to = recipientOf(email);
  const kind = kindWords(email);
  const leaving = email.folder === 'scheduled' ? 'Leaves' : 'Was to leave';
  const { batch_id: batchId } = email;
  const facts: [string, ReactNode][] = [
    ['From', from ? `${from.name} <${from.email}>` : email.sender.name],
    ['To', to.address ? `${to.name} <${to.address}>` : `${to.name}, without an address`],
    ...listed('Cc', email.cc),
    ...listed('Bcc', email.bcc),
    ...(email.sent_at ? [timed('Sent', email.sent_at, timeZone)] : []),
    ...(email.send_at && !email.sent_at ? [timed(leaving, email.send_at, timeZone)] : []),
    ...(email.task ? [followedBy(email.task)] : []),
    ...(template.data ? [['Template', template.data.name] as [string, string]] : []),
    ...(kind && batchId !== null
      ? [
          [
            'Part of',
            <span key="part">
              {kind}{' '}
              <button type="button" className="link" onClick={() => onBatch(batchId)}>
                Show all of it
              </button>
            </span>,
          ] as [string, ReactNode],
        ]
      : []),
    timed('Written', email.created_at, timeZone),
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const followedBy = ({ id, name, type, status, due_date: due }: NonNullable<Email['task']>): [string, ReactNode] => [
  TASK_NAMES[type],
  <span key="task">
    <Link href={`/tasks?view=all&task=${id}`}>{name}</Link>
    {status !== 'open' ? ` (${status})` : due === null ? '' : `, due ${dayWords(due)}`}
  </span>,
];

const listed = (name: string, addresses: readonly string[]): [string, string][] =>
  addresses.length === 0 ? [] : [[name, addresses.join(', ')]];

const timed = (name: string, at: string, timeZone: string): [string, ReactNode] => [
  name,
  <time key={name} dateTime={at}>
    {fullTime(at, timeZone)}
  </time>,
];

/** What the recipient saw, or will see. */
function Content({ email }: { email: EmailDetail }) {
  const { person, subject, body, template_id: template, identity_id: identity } = email;
  if (email.html !== null) return <EmailFrame html={email.html} title="What was sent" />;
  if (person === null) return <Alert color="yellow">The person whom it was for is deleted.</Alert>;
  return (
    <section aria-label="As it would look">
      <h2 className="small-head">As {person.name} would see it</h2>
      <Preview
        input={{
          ...{ person_id: person.id, subject, body, template_id: template, identity_id: identity },
          attachments: attachmentInputs(email.attachments),
        }}
        name={person.name}
      />
    </section>
  );
}

const OUTCOMES: Readonly<Record<string, string>> = {
  accept: 'Accepted',
  bounce: 'Refused for this address',
  fail: 'Refused',
  give_back: 'Put off',
  doubt: 'Uncertain whether it was sent',
};

function Attempts({ email: { attempts }, timeZone }: { email: EmailDetail; timeZone: string }) {
  const now = useNow(30_000);
  if (attempts.length === 0) return null;
  return (
    <section aria-label="Tries to send it">
      <h2 className="small-head">Tries to send it</h2>
      <ol className="history attempts">
        {attempts.map(({ id, at, outcome, response, message_id: messageId }) => (
          <li key={id}>
            <span>
              <strong>{outcome === null ? 'Under way' : (OUTCOMES[outcome] ?? outcome.replaceAll('_', ' '))}</strong>
              {response !== null && <code className="words">{response}</code>}
              <small className="quiet message-id">{messageId}</small>
            </span>
            <time dateTime={at} title={fullTime(at, timeZone)}>
              {timeWords(at, timeZone, now)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  );
}
