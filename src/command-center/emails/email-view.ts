import type { PersonCard } from '../people/people-directory.js';
import type { PaceReason } from '../senders/delivery-channel-pace.entity.js';
import type { EmailRow } from './email-queries.repository.js';
import { quickActionsOf } from './email-state.js';
import type { EmailTaskView, EmailView, EmailWaiting } from './email-view.dto.js';
import { FAILURE_REASONS } from './failure-reasons.js';

/** Pure: an email as the API shows it. */
export function viewOf(
  row: EmailRow,
  names: ReadonlyMap<string, string>,
  people: ReadonlyMap<string, PersonCard>,
  tasks: ReadonlyMap<string, EmailTaskView>,
  now: Date,
): EmailView {
  const person = row.personId === null ? undefined : people.get(row.personId);
  const undelivered = ['failed', 'uncertain', 'bounced', 'spam'].includes(row.state);
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    folder: row.folder,
    sender: { id: row.userId, name: names.get(row.userId) ?? '' },
    person: person ? { id: person.id, name: person.name, email: person.email } : null,
    to_name: row.toName,
    to_address: row.toAddress,
    cc: [...row.cc],
    bcc: [...row.bcc],
    subject: row.subject,
    identity_id: row.identityId,
    channel_id: row.channelId,
    template_id: row.templateId,
    batch_id: row.batchId,
    reply_to_id: row.replyToId,
    send_at: row.sendAt,
    time_zone: row.timeZone,
    waiting: waitingOf(row, now),
    reason:
      undelivered && row.reason !== null
        ? { code: row.reason, text: FAILURE_REASONS[row.reason], detail: row.reasonDetail }
        : null,
    success: row.successAt !== null,
    task: tasks.get(row.id) ?? null,
    ...(row.rolledUp === undefined || row.rolledUp === null ? {} : { rolled_up: row.rolledUp }),
    sent_at: row.sentAt,
    state_at: row.stateAt,
    quick_actions: [...quickActionsOf(row.state)],
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    version: row.version,
  };
}

const PACE_WORDS: Readonly<Record<PaceReason, string>> = {
  per_second: 'Its channel sends only so many emails in a second.',
  per_minute: 'Its channel sends only so many emails in a minute.',
  batch: 'Its channel rests between two batches.',
  per_day: 'Its channel has sent as many emails as it may in 24 hours.',
  gap: 'Its channel leaves a random pause between two emails.',
  server: 'The mail server of its channel could not be reached; it is tried again.',
};

/** Why it has not left though its time has come: what holds the channel back first, then what holds this email. */
function waitingOf(row: EmailRow, now: Date): EmailWaiting | null {
  if (row.state !== 'scheduled' || row.sendAt === null || row.sendAt > now) return null;
  if (row.channelPausedAt !== null) {
    return { for: 'channel_paused', until: null, text: 'Its channel is paused: resume it to send.' };
  }
  if (row.channelStoppedAt !== null) {
    const text = row.channelTrouble ?? 'The mail server of its channel refused the log-in.';
    return { for: 'channel_stopped', until: null, text };
  }
  if (row.channelWaitingFor !== null && row.channelNotBefore !== null && row.channelNotBefore > now) {
    return { for: row.channelWaitingFor, until: row.channelNotBefore, text: PACE_WORDS[row.channelWaitingFor] };
  }
  if (row.dueAt === null || row.dueAt <= now || row.reason === null) return null;
  const said = row.reasonDetail === null ? '' : ` It said: ${row.reasonDetail}`;
  return {
    for: row.reason === 'late' ? 'late' : 'retry',
    until: row.dueAt,
    text: `${FAILURE_REASONS[row.reason]}${said}`,
  };
}
