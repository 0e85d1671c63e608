import { Injectable } from '@nestjs/common';
import { escapeLike, Parameters } from '../../platform/database/parameters.js';
import type { Reader } from '../../platform/database/transactions.js';
import type { PaceReason } from '../senders/delivery-channel-pace.entity.js';
import { countsOf } from './email-batches.repository.js';
import type { EmailCounts, EmailSort } from './email-lists.dto.js';
import type { EmailFolder, EmailState } from './email-state.js';
import { COLUMNS as FIELD_COLUMNS, type EmailFields } from './email-values.js';
import type { EmailAttemptView } from './email-view.dto.js';

export interface EmailRow extends EmailFields {
  id: string;
  state: EmailState;
  folder: EmailFolder | null;
  stateAt: Date;
  createdAt: Date;
  updatedAt: Date;
  version: number;
  /** Of its channel. */
  channelNotBefore: Date | null;
  channelWaitingFor: PaceReason | null;
  channelPausedAt: Date | null;
  channelStoppedAt: Date | null;
  channelTrouble: string | null;
  /** Exact text of what the list is sorted by. */
  sortKey: string;
  /** In a list that is rolled up: how many emails of its group email are in the folder. */
  rolledUp?: number | null;
}

export interface EmailFilter {
  userId: string;
  folder: EmailFolder;
  sort: EmailSort;
  personId?: string | undefined;
  batchId?: string | undefined;
  templateId?: string | undefined;
  q?: string | undefined;
  /** A group email is one row: its last email in the folder. */
  rollUp: boolean;
}

export interface EmailEventRow {
  id: string;
  event: string;
  at: Date;
  actor: string | null;
  detail: string | null;
}

const EXACT = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const COLUMNS = `e.id, e.state, e.folder, e.state_at AS "stateAt", e.created_at AS "createdAt",
  e.updated_at AS "updatedAt", e.version, ${Object.entries(FIELD_COLUMNS)
    .map(([field, column]) => `e.${column} AS "${field}"`)
    .join(', ')},
  p.not_before AS "channelNotBefore", p.waiting_for AS "channelWaitingFor", p.stopped_at AS "channelStoppedAt",
  p.trouble AS "channelTrouble", c.paused_at AS "channelPausedAt"`;

const FROM = `emails e
  LEFT JOIN delivery_channels c ON c.team_id = e.team_id AND c.id = e.channel_id
  LEFT JOIN delivery_channel_paces p ON p.team_id = e.team_id AND p.channel_id = e.channel_id`;

interface Sort {
  by: string;
  type: 'timestamptz' | 'text';
  direction: 'ASC' | 'DESC';
}

/** What a folder can be sorted by. Dates and the order of making read an index; texts sort what the folder holds. */
function sortOf(sort: EmailSort, folder: EmailFolder): Sort {
  // Drafts have no time yet.
  const sendAt = folder === 'scheduled' ? 'e.send_at' : 'coalesce(e.send_at, e.state_at)';
  switch (sort) {
    case 'newest':
      return { by: 'e.state_at', type: 'timestamptz', direction: 'DESC' };
    case 'oldest':
      return { by: 'e.state_at', type: 'timestamptz', direction: 'ASC' };
    case 'send_at':
      return { by: sendAt, type: 'timestamptz', direction: 'ASC' };
    case '-send_at':
      return { by: sendAt, type: 'timestamptz', direction: 'DESC' };
    case 'created':
      return { by: 'e.created_at', type: 'timestamptz', direction: 'ASC' };
    case '-created':
      return { by: 'e.created_at', type: 'timestamptz', direction: 'DESC' };
    case 'subject':
      return { by: 'lower(e.subject)', type: 'text', direction: 'ASC' };
    case '-subject':
      return { by: 'lower(e.subject)', type: 'text', direction: 'DESC' };
    case 'person':
      return { by: 'lower(e.to_name)', type: 'text', direction: 'ASC' };
    case '-person':
      return { by: 'lower(e.to_name)', type: 'text', direction: 'DESC' };
  }
}

const IN_BATCH = `FROM emails b WHERE b.team_id = e.team_id AND b.batch_id = e.batch_id AND b.folder = e.folder`;

/** Reads emails for their lists and details. */
@Injectable()
export class EmailQueries {
  /** A page of a folder, one more than `limit` when there is one. Reads its index in order, however large the folder. */
  async page(
    reader: Reader,
    teamId: string,
    filter: EmailFilter,
    slice: { after: readonly (string | null)[] | null; limit: number },
  ): Promise<EmailRow[]> {
    const { by, type, direction } = sortOf(filter.sort, filter.folder);
    const parameters = new Parameters();
    const conditions = [
      `e.team_id = ${parameters.add(teamId)}`,
      `e.user_id = ${parameters.add(filter.userId)}`,
      `e.folder = ${parameters.add(filter.folder)}`,
      ...(filter.folder === 'scheduled' ? [`e.folder = 'scheduled'`] : []),
      ...(filter.personId ? [`e.person_id = ${parameters.add(filter.personId)}`] : []),
      ...(filter.batchId ? [`e.batch_id = ${parameters.add(filter.batchId)}`] : []),
      ...(filter.templateId ? [`e.template_id = ${parameters.add(filter.templateId)}`] : []),
      ...(filter.q ? [textCondition(parameters.add(`%${escapeLike(filter.q)}%`))] : []),
      ...(filter.rollUp
        ? [`(e.kind <> 'group' OR NOT EXISTS (SELECT 1 ${IN_BATCH} AND (b.state_at, b.id) > (e.state_at, e.id)))`]
        : []),
    ];
    if (slice.after) {
      const [value, id] = slice.after;
      const past = direction === 'DESC' ? '<' : '>';
      conditions.push(`(${by}, e.id) ${past} (${parameters.add(value)}::${type}, ${parameters.add(id)}::uuid)`);
    }
    const order = `${by} ${direction}, e.id ${direction}`;
    const rolledUp = filter.rollUp
      ? `, CASE WHEN e.kind = 'group' THEN (SELECT count(*)::int ${IN_BATCH}) END AS "rolledUp"`
      : '';
    return reader.query<EmailRow>(
      `SELECT ${COLUMNS}, ${type === 'timestamptz' ? EXACT(by) : by} AS "sortKey"${rolledUp} FROM ${FROM}
       WHERE ${conditions.join(' AND ')} ORDER BY ${order} LIMIT ${parameters.add(slice.limit + 1)}`,
      parameters.values,
    );
  }

  async byIds(reader: Reader, teamId: string, ids: readonly string[]): Promise<EmailRow[]> {
    return reader.query<EmailRow>(
      `SELECT ${COLUMNS}, ${EXACT('e.state_at')} AS "sortKey" FROM ${FROM}
       WHERE e.team_id = $1 AND e.id = ANY($2::uuid[])`,
      [teamId, ids],
    );
  }

  /** What is folded in and what is not yet, together: exact at any moment. */
  async counts(reader: Reader, teamId: string, userId: string): Promise<EmailCounts> {
    const rows = await reader.query<{ folder: EmailFolder; emails: string }>(
      `SELECT folder, sum(emails) AS emails FROM (
         SELECT folder, emails FROM email_folder_counts WHERE team_id = $1 AND user_id = $2
         UNION ALL
         SELECT folder, emails FROM email_folder_changes WHERE team_id = $1 AND user_id = $2) c
       GROUP BY folder`,
      [teamId, userId],
    );
    return countsOf(rows.map(({ folder, emails }) => [folder, Number(emails)]));
  }

  /** Oldest first. */
  async attempts(reader: Reader, teamId: string, emailId: string): Promise<EmailAttemptView[]> {
    return reader.query(
      `SELECT id, message_id, at, ended_at, outcome, response FROM email_attempts
       WHERE team_id = $1 AND email_id = $2 ORDER BY at, id`,
      [teamId, emailId],
    );
  }

  /** What was sent by that try. */
  async sentHtml(reader: Reader, teamId: string, attemptId: string | null): Promise<string | null> {
    const sql = 'SELECT html FROM email_attempts WHERE team_id = $1 AND id = $2';
    const [row] = await reader.query<{ html: string }>(sql, [teamId, attemptId]);
    return row?.html ?? null;
  }

  /** Newest first; one more than `limit` when there is one. */
  async events(
    reader: Reader,
    teamId: string,
    emailId: string,
    slice: { after: string | null; limit: number },
  ): Promise<EmailEventRow[]> {
    return reader.query<EmailEventRow>(
      `SELECT id, event, at, actor, detail FROM email_events
       WHERE team_id = $1 AND email_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
      [teamId, emailId, slice.after, slice.limit + 1],
    );
  }
}

function textCondition(pattern: string): string {
  return `lower(e.subject || ' ' || e.to_name || ' ' || coalesce(e.to_address, '')) LIKE lower(${pattern})`;
}
