import type { GroupRef } from '../people/group-memberships.js';
import type { PersonCard } from '../people/people-directory.js';
import type { PaceReason } from '../senders/delivery-channel-pace.entity.js';
import type { EmailRow } from './email-queries.repository.js';
import { quickActionsOf } from './email-state.js';
import type { EmailPerson, EmailTaskView, EmailView, EmailWaiting } from './email-view.dto.js';
import { FAILURE_REASONS } from './failure-reasons.js';

/** What emails are shown with, by id. */
export interface Company {
  users: ReadonlyMap<string, string>;
  people: ReadonlyMap<string, PersonCard>;
  /** Of each person. */
  groups: ReadonlyMap<string, readonly GroupRef[]>;
  /** Of each email. */
  tasks: ReadonlyMap<string, EmailTaskView>;
}

/** Pure: an email as the API shows it. */
export function viewOf(row: EmailRow, company: Company, now: Date): EmailView {
  const undelivered = ['failed', 'uncertain', 'bounced', 'spam'].includes(row.state);
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    folder: row.folder,
    sender: { id: row.userId, name: company.users.get(row.userId) ?? '' },
    person: personOf(row, company),
    to_name: row.toName,
    to_address: row.toAddress,
    cc: [...row.cc],
    bcc: [...row.bcc],
    subject: row.subject,
    identity_id: row.identityId,
    channel_id: row.channelId,
    template_id: row.templateId,
    identity:
      row.identityId === null || row.identityName === null || row.identityEmail === null
        ? null
        : { id: row.identityId, name: row.identityName, email: row.identityEmail },
    channel: named(row.channelId, row.channelName),
    template: named(row.templateId, row.templateName),
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
    task: company.tasks.get(row.id) ?? null,
    ...(row.rolledUp === undefined || row.rolledUp === null ? {} : { rolled_up: row.rolledUp }),
    sent_at: row.sentAt,
    failed_at: undelivered ? row.stateAt : null,
    latest_activity:
      row.activity === null || row.activityAt === null ? null : { event: row.activity, at: row.activityAt },
    state_at: row.stateAt,
    quick_actions: [...quickActionsOf(row.state)],
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    version: row.version,
  };
}

function personOf({ personId }: EmailRow, { people, groups }: Company): EmailPerson | null {
  const person = personId === null ? undefined : people.get(personId);
  if (!person) return null;
  const { id, name, email, title, company } = person;
  return { id, name, email, title, company, groups: [...(groups.get(id) ?? [])] };
}

function named(id: string | null, name: string | null): { id: string; name: string } | null {
  return id === null || name === null ? null : { id, name };
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
