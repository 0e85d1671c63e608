import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import type { EmailBatchView } from './email-batches.dto.js';
import { EMAIL_FOLDERS, type EmailFolder } from './email-state.js';
import type { EmailCounts } from './email-lists.dto.js';

/** Reads and writes what the emails of a bulk send have in common. */
@Injectable()
export class BatchQueries {
  async insert(
    tx: Tx,
    teamId: string,
    batch: { id: string; userId: string; kind: 'select' | 'group'; subject: string },
    emails: number,
    at: Date,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO email_batches (team_id, id, user_id, kind, subject, emails, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [teamId, batch.id, batch.userId, batch.kind, batch.subject, emails, at],
    );
  }

  /** One bulk edit after another. */
  async lock(tx: Tx, teamId: string, userId: string, id: string): Promise<{ version: number } | undefined> {
    const [row] = await tx.query<{ version: number }>(
      'SELECT version FROM email_batches WHERE team_id = $1 AND user_id = $2 AND id = $3 FOR NO KEY UPDATE',
      [teamId, userId, id],
    );
    return row;
  }

  /** Edited once more; null: under the same subject. */
  async edited(tx: Tx, teamId: string, id: string, subject: string | null): Promise<void> {
    await tx.query(
      `UPDATE email_batches SET subject = coalesce($3::text, subject), version = version + 1
       WHERE team_id = $1 AND id = $2`,
      [teamId, id, subject],
    );
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
    const [row] = await reader.query<Omit<EmailBatchView, 'folders'> & { folders: Partial<EmailCounts> }>(
      `SELECT b.id, b.kind, b.subject, b.emails, b.version, b.created_at, coalesce((
         SELECT jsonb_object_agg(f.folder, f.n) FROM (
           SELECT e.folder, count(*) AS n FROM emails e
           WHERE e.team_id = b.team_id AND e.batch_id = b.id AND e.folder IS NOT NULL GROUP BY e.folder) f), '{}') AS folders
       FROM email_batches b WHERE b.team_id = $1 AND b.user_id = $2 AND b.id = $3`,
      [teamId, userId, id],
    );
    return row && { ...row, folders: countsOf(Object.entries(row.folders) as [EmailFolder, number][]) };
  }
}

/** Every folder, empty ones as well. */
export function countsOf(found: Iterable<readonly [EmailFolder, number]>): EmailCounts {
  const counts = new Map(found);
  return Object.fromEntries(EMAIL_FOLDERS.map((folder) => [folder, counts.get(folder) ?? 0])) as unknown as EmailCounts;
}
