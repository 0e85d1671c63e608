import { Injectable } from '@nestjs/common';
import { escapeLike, Parameters } from '../../platform/database/parameters.js';
import type { Reader } from '../../platform/database/transactions.js';
import type { PaceReason } from '../senders/delivery-channel-pace.entity.js';
import { countsOf } from './email-batches.repository.js';
import type { EmailCounts } from './email-lists.dto.js';
import { type EmailSort, exactSql, indexHint, orderOf } from './email-sorts.js';
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
  channelName: string | null;
  templateName: string | null;
  identityName: string | null;
  identityEmail: string | null;
  /** The last of its events. */
  activity: string | null;
  activityAt: Date | null;
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

const COLUMNS = `e.id, e.state, e.folder, e.state_at AS "stateAt", e.created_at AS "createdAt",
  e.updated_at AS "updatedAt", e.version, ${Object.entries(FIELD_COLUMNS)
    .map(([field, column]) => `e.${column} AS "${field}"`)
    .join(', ')},
  p.not_before AS "channelNotBefore", p.waiting_for AS "channelWaitingFor", p.stopped_at AS "channelStoppedAt",
  p.trouble AS "channelTrouble", c.paused_at AS "channelPausedAt", c.name AS "channelName",
  t.name AS "templateName", i.name AS "identityName", i.email AS "identityEmail",
  a.event AS "activity", a.at AS "activityAt"`;

// What it is shown with: looked up by key, for the rows of a page alone.
const SHOWN_WITH = `
  LEFT JOIN delivery_channels c ON c.team_id = e.team_id AND c.id = e.channel_id
  LEFT JOIN delivery_channel_paces p ON p.team_id = e.team_id AND p.channel_id = e.channel_id
  LEFT JOIN templates t ON t.team_id = e.team_id AND t.id = e.template_id
  LEFT JOIN identities i ON i.team_id = e.team_id AND i.id = e.identity_id
  LEFT JOIN LATERAL (SELECT v.event, v.at FROM email_events v WHERE v.team_id = e.team_id AND v.email_id = e.id
    ORDER BY v.id DESC LIMIT 1) a ON true`;

const IN_BATCH = `FROM emails b WHERE b.team_id = e.team_id AND b.batch_id = e.batch_id AND b.folder = e.folder`;

/** Reads emails for their lists and details. */
@Injectable()
export class EmailQueries {
  /** A page of a folder, one more than `limit` when there is one. */
  async page(
    reader: Reader,
    teamId: string,
    filter: EmailFilter,
    slice: { after: readonly [string, string] | null; limit: number },
  ): Promise<EmailRow[]> {
    const { by, key, type, join, direction } = orderOf(filter.sort, filter.folder);
    const parameters = new Parameters();
    const team = parameters.add(teamId);
    const conditions = [`e.team_id = ${team}`, ...conditionsOf(filter, parameters)];
    if (slice.after) {
      const [value, id] = slice.after;
      const past = direction === 'DESC' ? '<' : '>';
      conditions.push(`(${by}, e.id) ${past} (${parameters.add(value)}::${type}, ${parameters.add(id)}::uuid)`);
    }
    const rolledUp = filter.rollUp
      ? `, CASE WHEN e.kind = 'group' THEN (SELECT count(*)::int ${IN_BATCH}) END AS "rolledUp"`
      : '';
    // First which emails, then what is shown of them: an order that no index has sorts ids, not whole rows.
    return reader.query<EmailRow>(
      `WITH page AS MATERIALIZED (
         SELECT e.id, ${by} AS position FROM emails e ${join}
         WHERE ${conditions.join(' AND ')}
         ORDER BY ${by} ${direction}, e.id ${direction} LIMIT ${parameters.add(slice.limit + 1)})
       SELECT ${COLUMNS}, ${key('page.position')} AS "sortKey"${rolledUp}
       FROM page JOIN emails e ON e.team_id = ${team} AND e.id = page.id ${SHOWN_WITH}
       ORDER BY page.position ${direction}, page.id ${direction}`,
      parameters.values,
    );
  }

  async byIds(reader: Reader, teamId: string, ids: readonly string[]): Promise<EmailRow[]> {
    return reader.query<EmailRow>(
      `SELECT ${COLUMNS}, ${exactSql('e.state_at')} AS "sortKey" FROM emails e ${SHOWN_WITH}
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

function conditionsOf(filter: EmailFilter, parameters: Parameters): string[] {
  return [
    `e.user_id = ${parameters.add(filter.userId)}`,
    `e.folder = ${parameters.add(filter.folder)}`,
    ...indexHint(filter.folder),
    ...(filter.batchId ? [`e.batch_id = ${parameters.add(filter.batchId)}`] : []),
    ...lookedFor('e', filter, parameters),
    ...(filter.rollUp ? [`(e.kind <> 'group' OR NOT EXISTS (${newerInBatch(filter, parameters)}))`] : []),
  ];
}

/** A group email shows as the newest of those that are looked for. */
function newerInBatch(filter: EmailFilter, parameters: Parameters): string {
  const conditions = ['(b.state_at, b.id) > (e.state_at, e.id)', ...lookedFor('b', filter, parameters)];
  return `SELECT 1 ${IN_BATCH} AND ${conditions.join(' AND ')}`;
}

function lookedFor(of: string, filter: EmailFilter, parameters: Parameters): string[] {
  return [
    ...(filter.personId ? [`${of}.person_id = ${parameters.add(filter.personId)}`] : []),
    ...(filter.templateId ? [`${of}.template_id = ${parameters.add(filter.templateId)}`] : []),
    ...(filter.q ? [textCondition(of, parameters.add(`%${escapeLike(filter.q)}%`))] : []),
  ];
}

function textCondition(of: string, pattern: string): string {
  return `lower(${of}.subject || ' ' || ${of}.to_name || ' ' || coalesce(${of}.to_address, '')) LIKE lower(${pattern})`;
}
