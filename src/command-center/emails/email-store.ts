import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import { EmailListeners, type EmailWritten } from './email-listeners.js';
import { courseOf, type EmailEvent, type EmailState, folderOf } from './email-state.js';
import { COLUMNS, type EmailChange, type EmailFields, type StoredEmail, TYPES } from './email-values.js';

export interface Author {
  /** `user:<id>` or `key:<id>`; null: Command Center itself. */
  actor: string | null;
  at: Date;
}

/** One email on its way to another state. All moves of one call set the same fields. */
export interface Move {
  id: string;
  set?: EmailChange;
  /** The attempt that this ends. Only while it is the email's last: what an older one learns late changes nothing. */
  attemptId?: string;
  /** What the server said to that attempt. */
  response?: string | null;
  /** For its history. */
  detail?: string | null;
}

interface Course {
  event: string;
  from: readonly EmailState[];
  /** Null: it stays where it is. */
  to: EmailState | null;
}

const FIELDS = Object.keys(COLUMNS) as (keyof EmailFields)[];
const SELECTED = FIELDS.map((field) => `e.${COLUMNS[field]} AS "${field}"`).join(', ');

/** The state so that no index of a state is used: emails come and go there, and it is full of entries that are dead. */
const BY_KEY = `(e.state || '')`;

/** Waits for whoever else writes them; `free`: leaves those out that somebody else holds. */
type Lock = 'wait' | 'free';

/**
 * The one writer of the emails: every change passes here and leaves, in one statement, the email in its new state and
 * folder, the folder's count changed, and a line in the email's history.
 */
@Injectable()
export class EmailStore {
  constructor(private readonly listeners: EmailListeners) {}

  /** The emails, locked in id order until the transaction ends; missing ones are left out. */
  async lock(tx: Tx, teamId: string, ids: readonly string[], how: Lock = 'wait'): Promise<Map<string, StoredEmail>> {
    const skip = how === 'free' ? ' SKIP LOCKED' : '';
    return this.select(tx, teamId, ids, `ORDER BY e.id FOR NO KEY UPDATE${skip}`);
  }

  /** The emails as they are, for looking only. */
  async read(reader: Reader, teamId: string, ids: readonly string[]): Promise<Map<string, StoredEmail>> {
    return this.select(reader, teamId, ids, '');
  }

  /** Makes emails, in whatever state they begin. */
  async insert(
    tx: Tx,
    teamId: string,
    emails: readonly (EmailFields & { id: string; state: EmailState })[],
    { actor, at }: Author,
  ): Promise<void> {
    if (emails.length === 0) return;
    const columns = FIELDS.map((field) => COLUMNS[field]);
    const rows = emails.map((email) => ({
      id: email.id,
      event_id: uuidv7(),
      state: email.state,
      folder: folderOf(email.state),
      ...Object.fromEntries(FIELDS.map((field) => [COLUMNS[field], email[field]])),
    }));
    await tx.query(
      `WITH input AS MATERIALIZED (
         SELECT * FROM jsonb_to_recordset($3::jsonb) AS t (id uuid, event_id uuid, state text, folder text, ${typed(FIELDS)})
       ), made AS (
         INSERT INTO emails (team_id, id, state, folder, state_at, created_at, updated_at, ${columns.join(', ')})
         SELECT $1, i.id, i.state, i.folder, $2, $2, $2, ${columns.map((name) => `i.${name}`).join(', ')} FROM input i
       ), counted AS (
         INSERT INTO email_folder_changes (team_id, user_id, folder, emails)
         SELECT $1, user_id, folder, count(*) FROM input WHERE folder IS NOT NULL GROUP BY user_id, folder
       )
       INSERT INTO email_events (team_id, id, email_id, event, at, actor, detail)
       SELECT $1, event_id, id, 'created', $2, $4, reason FROM input`,
      [teamId, at, JSON.stringify(rows), actor],
    );
    const written = emails.map(({ id, state, userId, channelId, dueAt }) => ({ id, state, userId, channelId, dueAt }));
    await this.listeners.tell(tx, teamId, written);
  }

  /**
   * Takes emails through a transition of the table; those that are in no state for it stay as they are. Answers the
   * ids of those that moved.
   */
  async move(tx: Tx, teamId: string, event: EmailEvent, moves: readonly Move[], author: Author): Promise<Set<string>> {
    return this.write(tx, teamId, { event, ...courseOf(event) }, moves, author);
  }

  /** Changes fields of emails that stay in their state, one of `within`. Answers the ids of those that changed. */
  async edit(
    tx: Tx,
    teamId: string,
    event: 'edited' | 'success' | 'no_success' | 'late',
    within: readonly EmailState[],
    edits: readonly Move[],
    author: Author,
  ): Promise<Set<string>> {
    return this.write(tx, teamId, { event, from: within, to: null }, edits, author);
  }

  /** Somebody turned out to be somebody else: no edit of anybody's, and in no history. */
  async movePerson(tx: Tx, teamId: string, from: string, to: string): Promise<void> {
    await tx.query('UPDATE emails SET person_id = $3, version = version + 1 WHERE team_id = $1 AND person_id = $2', [
      ...[teamId, from, to],
    ]);
  }

  /** They say nothing of anybody any more, with all that was tried and told; their folders and counts stay. */
  async erase(tx: Tx, teamId: string, ids: readonly string[], contentId: string): Promise<void> {
    await tx.query(
      `UPDATE emails SET person_id = NULL, content_id = $3, to_name = '', to_address = NULL, cc = '{}', bcc = '{}',
         subject = '', reason_detail = NULL, version = version + 1
       WHERE team_id = $1 AND id = ANY($2::uuid[])`,
      [teamId, ids, contentId],
    );
    await tx.query(
      `UPDATE email_attempts SET subject = '', html = '', response = NULL
       WHERE team_id = $1 AND email_id = ANY($2::uuid[])`,
      [teamId, ids],
    );
    const sql = 'UPDATE email_events SET detail = NULL WHERE team_id = $1 AND email_id = ANY($2::uuid[])';
    await tx.query(sql, [teamId, ids]);
  }

  private async write(
    tx: Tx,
    teamId: string,
    { event, from, to }: Course,
    moves: readonly Move[],
    { actor, at }: Author,
  ): Promise<Set<string>> {
    const [first] = moves;
    if (!first) return new Set();
    const fields = FIELDS.filter((field) => first.set && field in first.set);
    if (moves.some(({ set: values }) => FIELDS.some((field) => fields.includes(field) !== field in (values ?? {})))) {
      throw new Error('All moves of one call set the same fields.');
    }
    const set = fields.map((field) => `, ${COLUMNS[field]} = i.${COLUMNS[field]}`).join('');
    const input = moves.map(({ id, set: values, attemptId, detail, response }) => ({
      id,
      event_id: uuidv7(),
      only_attempt: attemptId ?? null,
      detail: detail ?? null,
      response: response ?? null,
      ...Object.fromEntries(fields.map((field) => [COLUMNS[field], values?.[field]])),
    }));
    const types = fields.length > 0 ? `, ${typed(fields)}` : '';
    const rows = await tx.query<EmailWritten>(
      `WITH input AS MATERIALIZED (
         SELECT * FROM jsonb_to_recordset($3::jsonb)
           AS t (id uuid, event_id uuid, only_attempt uuid, detail text, response text${types})
       ), held AS MATERIALIZED (
         SELECT e.id, e.user_id, e.folder, e.attempt_id FROM emails e
         WHERE e.team_id = $1 AND e.id = ANY($4::uuid[]) AND ${BY_KEY} = ANY($5::text[])
         ORDER BY e.id FOR NO KEY UPDATE
       ), moved AS (
         UPDATE emails e SET updated_at = $2, version = e.version + 1, state = coalesce($7::text, e.state),
           folder = CASE WHEN $7::text IS NULL THEN e.folder ELSE $8::text END,
           state_at = CASE WHEN $7::text IS NULL THEN e.state_at ELSE $2 END${set}
         FROM held h JOIN input i ON i.id = h.id
         WHERE e.team_id = $1 AND e.id = ANY($4::uuid[]) AND e.id = h.id
           AND (i.only_attempt IS NULL OR h.attempt_id = i.only_attempt)
         RETURNING e.id, e.state, e.user_id, e.channel_id, e.due_at, e.attempt_id, h.folder AS was, e.folder, i.event_id,
           i.detail, i.only_attempt, i.response
       ), counted AS (
         INSERT INTO email_folder_changes (team_id, user_id, folder, emails)
         SELECT $1, c.user_id, c.folder, sum(c.n) FROM (
           SELECT user_id, was AS folder, -1 AS n FROM moved UNION ALL SELECT user_id, folder, 1 FROM moved) c
         WHERE c.folder IS NOT NULL GROUP BY c.user_id, c.folder HAVING sum(c.n) <> 0
       ), told AS (
         INSERT INTO email_events (team_id, id, email_id, event, at, actor, attempt_id, detail)
         SELECT $1, event_id, id, $6, $2, $9, attempt_id, detail FROM moved
       ), ended AS (
         UPDATE email_attempts a SET ended_at = $2, outcome = $6, response = m.response FROM moved m
         WHERE a.team_id = $1 AND a.id = m.only_attempt
       )
       SELECT id, state, user_id AS "userId", channel_id AS "channelId", due_at AS "dueAt" FROM moved`,
      [
        teamId,
        at,
        JSON.stringify(input),
        moves.map(({ id }) => id),
        from,
        event,
        to,
        to === null ? null : folderOf(to),
        actor,
      ],
    );
    await this.listeners.tell(tx, teamId, rows);
    return new Set(rows.map(({ id }) => id));
  }

  private async select(
    reader: Reader,
    teamId: string,
    ids: readonly string[],
    how: string,
  ): Promise<Map<string, StoredEmail>> {
    const rows = await reader.query<StoredEmail>(
      `SELECT e.id, e.state, e.version, ${SELECTED} FROM emails e WHERE e.team_id = $1 AND e.id = ANY($2::uuid[]) ${how}`,
      [teamId, ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }
}

function typed(fields: readonly (keyof EmailFields)[]): string {
  return fields.map((field) => `${COLUMNS[field]} ${TYPES[field]}`).join(', ');
}
