import type { AttachmentView } from '../files/attachments.dto.js';
import type { Page } from '../../platform/http/page.js';
import type { PaceReason } from '../senders/delivery-channel-pace.entity.js';
import type { EmailKind } from './email.entity.js';
import type { EmailFolder, EmailState, QuickAction } from './email-state.js';
import type { TaskStatus, TaskType } from '../tasks/task.entity.js';
import type { FailureReason } from './failure-reasons.js';

export class EmailGroup {
  id: string;
  name: string;
}

export class EmailPerson {
  id: string;
  name: string;
  email: string | null;
  title: string | null;
  company: string | null;
  /** Those of its groups that you see */
  groups: EmailGroup[];
}

export class EmailTemplate {
  id: string;
  name: string;
}

export class EmailChannel {
  id: string;
  name: string;
}

export class EmailIdentity {
  id: string;
  name: string;
  email: string;
}

export class EmailActivity {
  /** As in its events */
  event: string;
  at: Date;
}

export class EmailSender {
  id: string;
  name: string;
}

export class EmailReason {
  code: FailureReason;
  /** A sentence for the person who reads it */
  text: string;
  /** The mail server's own words, or the dynamic field */
  detail: string | null;
}

/** Why an email whose time has come has not left yet */
export class EmailWaiting {
  /** A limit of its channel, the server, what somebody must do about the channel; `retry`: the server put it off; `late`: Command Center was not running when its time came */
  for: PaceReason | 'channel_paused' | 'channel_stopped' | 'retry' | 'late';
  /** Not before; null: until somebody acts */
  until: Date | null;
  text: string;
}

/** A task that follows up an email */
export class EmailTaskView {
  id: string;
  type: TaskType;
  name: string;
  status: TaskStatus;
  /** YYYY-MM-DD */
  due_date: string | null;
}

export class EmailView {
  id: string;
  kind: EmailKind;
  state: EmailState;
  /** Null: deleted */
  folder: EmailFolder | null;
  sender: EmailSender;
  /** Null: the person was deleted */
  person: EmailPerson | null;
  to_name: string;
  to_address: string | null;
  cc: string[];
  bcc: string[];
  /** As it was written; once it was sent, as it was sent */
  subject: string;
  identity_id: string | null;
  channel_id: string | null;
  template_id: string | null;
  /** The names of these three as they are now; null: there is none */
  identity: EmailIdentity | null;
  channel: EmailChannel | null;
  template: EmailTemplate | null;
  batch_id: string | null;
  reply_to_id: string | null;
  /** When it was to leave, as it was chosen */
  send_at: Date | null;
  time_zone: string | null;
  waiting: EmailWaiting | null;
  /** Why it is undelivered */
  reason: EmailReason | null;
  success: boolean;
  /** That follows it up: the one due next, else the one done last; null: none */
  task: EmailTaskView | null;
  /** In a list that is rolled up: how many emails of this group email are in the folder */
  rolled_up?: number;
  sent_at: Date | null;
  /** Since when it is undelivered; null: it is not */
  failed_at: Date | null;
  /** The last that happened to it */
  latest_activity: EmailActivity | null;
  /** Since when it is in its folder */
  state_at: Date;
  quick_actions: QuickAction[];
  created_at: Date;
  updated_at: Date;
  /** The version in the ETag */
  version: number;
}

export class EmailAttemptView {
  id: string;
  message_id: string;
  at: Date;
  ended_at: Date | null;
  outcome: string | null;
  /** The mail server's last words */
  response: string | null;
}

export class EmailDetail extends EmailView {
  /** As it was written */
  body: string;
  /** What the recipient sees, made safe to be shown; null: it was not rendered yet */
  html: string | null;
  attachments: AttachmentView[];
  attempts: EmailAttemptView[];
}

export class EmailEventActor {
  /** `user:<id>` or `key:<id>`; null: Command Center itself */
  id: string | null;
  name: string;
}

export class EmailEventView {
  id: string;
  /** `created`, `edited`, `success`, `no_success` or a transition: `schedule`, `claim`, `accept`, … */
  event: string;
  at: Date;
  who: EmailEventActor;
  detail: string | null;
}

export class EmailEventPage implements Page<EmailEventView> {
  /** Newest first */
  data: EmailEventView[];
  /** Cursor of the next page, null on the last one */
  next: string | null;
}
