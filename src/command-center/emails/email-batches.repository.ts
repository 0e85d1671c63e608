import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import { attachmentsSql } from '../files/attachment-rows.js';
import { type Attachment, attachmentView } from '../files/attachments.js';
import { CONTENT_ATTACHMENTS } from './contents.repository.js';
import type { EmailBatchView } from './email-batches.dto.js';
import { EMAIL_FOLDERS, type EmailFolder } from './email-state.js';
import type { EmailCounts } from './email-lists.dto.js';

interface LockedBatch {
  version: number;
  subject: string;
  /** What all get, apart from what single ones get instead; null: not known. */
  contentId: string | null;
}

interface BatchRow extends Omit<EmailBatchView, 'folders' | 'attachments'> {
  attachments: Attachment[];
  folders: Partial<EmailCounts>;
}

/** Reads and writes what the emails of a bulk send have in common. */
@Injectable()
export class BatchQueries {
  async insert(
    tx: Tx,
    teamId: string,
    batch: { id: string; userId: string; kind: 'select' | 'group'; subject: string; contentId: string },
    emails: number,
    at: Date,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO email_batches (team_id, id, user_id, kind, subject, content_id, emails, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [teamId, batch.id, batch.userId, batch.kind, batch.subject, batch.contentId, emails, at],
    );
  }

  /** One bulk edit after another. */
  async lock(tx: Tx, teamId: string, userId: string, id: string): Promise<LockedBatch | undefined> {
    const [row] = await tx.query<LockedBatch>(
      `SELECT version, subject, content_id AS "contentId" FROM email_batches
       WHERE team_id = $1 AND user_id = $2 AND id = $3 FOR NO KEY UPDATE`,
      [teamId, userId, id],
    );
    return row;
  }

  /** Edited once more: what is left out is as before. */
  async edited(
    tx: Tx,
    teamId: string,
    id: string,
    { subject = null, contentId = null }: { subject?: string | null; contentId?: string | null },
  ): Promise<void> {
    await tx.query(
      `UPDATE email_batches SET subject = coalesce($3::text, subject), content_id = coalesce($4::uuid, content_id),
         version = version + 1
       WHERE team_id = $1 AND id = $2`,
      [teamId, id, subject, contentId],
    );
  }

  /** Of a bulk send that nobody else is left of, what it said goes, too. */
  async erase(tx: Tx, teamId: string, ids: readonly string[], personId: string, nothing: string): Promise<string[]> {
    const rows = await tx.query<{ contentId: string | null }>(
      `WITH before AS (
         SELECT b.id, b.content_id FROM email_batches b WHERE b.team_id = $1 AND b.id = ANY($2::uuid[])
           AND NOT EXISTS (SELECT 1 FROM emails e WHERE e.team_id = $1 AND e.batch_id = b.id AND e.person_id <> $3)
         ORDER BY b.id FOR NO KEY UPDATE)
       UPDATE email_batches b SET subject = '', content_id = $4 FROM before
       WHERE b.team_id = $1 AND b.id = before.id RETURNING before.content_id AS "contentId"`,
      [teamId, ids, personId, nothing],
    );
    return rows.flatMap(({ contentId }) => contentId ?? []);
  }

  /** The emails of it that have not left. */
  async waiting(reader: Reader, teamId: string, id: string): Promise<string[]> {
    const rows = await reader.query<{ id: string }>(
      `SELECT id FROM emails WHERE team_id = $1 AND batch_id = $2 AND folder = 'scheduled' ORDER BY id`,
      [teamId, id],
    );
    return rows.map((row) => row.id);
  }

  async view(reader: Reader, teamId: string, userId: string, id: string): Promise<EmailBatchView | undefined> {
    const [row] = await reader.query<BatchRow>(
      `SELECT b.id, b.kind, b.subject, coalesce(c.body, '') AS body, c.id IS NOT NULL AS text_known, ${attachmentsSql(CONTENT_ATTACHMENTS, 'c')} AS attachments, b.emails,
         b.version, b.created_at, coalesce((
         SELECT jsonb_object_agg(f.folder, f.n) FROM (
           SELECT e.folder, count(*) AS n FROM emails e
           WHERE e.team_id = b.team_id AND e.batch_id = b.id AND e.folder IS NOT NULL GROUP BY e.folder) f), '{}') AS folders
       FROM email_batches b LEFT JOIN email_contents c ON c.team_id = b.team_id AND c.id = b.content_id
       WHERE b.team_id = $1 AND b.user_id = $2 AND b.id = $3`,
      [teamId, userId, id],
    );
    if (!row) return undefined;
    const attachments = row.attachments.map(attachmentView);
    return { ...row, attachments, folders: countsOf(Object.entries(row.folders) as [EmailFolder, number][]) };
  }
}

/** Every folder, empty ones as well. */
export function countsOf(found: Iterable<readonly [EmailFolder, number]>): EmailCounts {
  const counts = new Map(found);
  return Object.fromEntries(EMAIL_FOLDERS.map((folder) => [folder, counts.get(folder) ?? 0])) as unknown as EmailCounts;
}
