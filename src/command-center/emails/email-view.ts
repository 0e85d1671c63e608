import type { PersonCard } from '../people/people-directory.js';
import type { EmailRow } from './email-queries.repository.js';
import { quickActionsOf } from './email-state.js';
import type { EmailView, EmailWaiting } from './email-view.dto.js';
import { FAILURE_REASONS } from './failure-reasons.js';

/** Pure: an email as the API shows it. */
export function viewOf(
  row: EmailRow,
  names: ReadonlyMap<string, string>,
  people: ReadonlyMap<string, PersonCard>,
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
    ...(row.rolledUp === undefined || row.rolledUp === null ? {} : { rolled_up: row.rolledUp }),
    sent_at: row.sentAt,
    state_at: row.stateAt,
    quick_actions: [...quickActionsOf(row.state)],
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    version: row.version,
  };
}

/** Why it has not left though its time has come. */
function waitingOf(row: EmailRow, now: Date): EmailWaiting | null {
  if (row.state !== 'scheduled' || row.sendAt === null || row.sendAt > now) return null;
  if (row.dueAt === null || row.dueAt <= now || row.reason === null) return null;
  const said = row.reasonDetail === null ? '' : ` It said: ${row.reasonDetail}`;
  const text = `${FAILURE_REASONS[row.reason]}${said}`;
  return { for: row.reason === 'late' ? 'late' : 'retry', until: row.dueAt, text };
}
