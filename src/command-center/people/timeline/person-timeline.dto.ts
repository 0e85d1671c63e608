import { Transform } from 'class-transformer';
import { ArrayUnique, IsArray, IsIn } from 'class-validator';
import { type Page, PageQuery } from '../../../platform/http/page.js';
import { MayBeLeftOut } from '../../../platform/http/validators.js';

export const TIMELINE_KINDS = ['email', 'task', 'note', 'unsubscribe', 'authorization'] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

export class TimelineQuery extends PageQuery {
  /** Only these, with commas in between; all when left out
   * @example ["email","task"] */
  @MayBeLeftOut()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsArray()
  @ArrayUnique()
  @IsIn(TIMELINE_KINDS, { each: true })
  kinds?: TimelineKind[];
}

export class TimelineActor {
  /** `user:<id>` or `key:<id>`; null: the person, or Command Center itself */
  id: string | null;
  name: string;
}

/** Something between the team and a person */
export class TimelineEntry {
  kind: TimelineKind;
  /** Of the email, the task, the note */
  id: string;
  /**
   * Of an email its state (`scheduled`, `in_progress`, `delivered`, `failed`, `bounced`, `spam`), of a task `open`,
   * `completed` or `skipped`, of a note `written`; `unsubscribed`, `resubscribed`; of an authorization `stated` or
   * `withdrawn`
   */
  what: string;
  /** When; of what is scheduled, when it leaves; of an open task, when it was made */
  at: Date;
  who: TimelineActor;
  /** Of an email `single`, `select` or `group`; of a task its type; of an unsubscribe its source; of an authorization its type */
  type: string | null;
  /** Subject, name of the task, the note, a reason, a purpose; null: there is none, or it is a colleague’s email */
  text: string | null;
  /** Why an email is undelivered, in the mail server's words; how a call went */
  detail: string | null;
}

export class TimelinePage implements Page<TimelineEntry> {
  /** Newest first */
  data: TimelineEntry[];
  /** Cursor of the next page, null on the last one */
  next: string | null;
}
