import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import type { Source } from '../content/dynamic-fields.js';
import { attachmentsSql, type AttachmentTable, insertAttachments } from '../files/attachment-rows.js';
import type { Attachment } from '../files/attachments.js';

/** What somebody wrote, and the files that go with it. */
export interface Content extends Source {
  attachments: readonly Attachment[];
}

export const CONTENT_ATTACHMENTS: AttachmentTable = { name: 'email_content_attachments', holder: 'content_id' };

/** What was written. A content is never changed, so that emails can share it and a sent one keeps its own. */
@Injectable()
export class ContentsRepository {
  /** Equal contents become one: their ids in the order of what was asked for. */
  async add(tx: Tx, teamId: string, contents: readonly Content[]): Promise<string[]> {
    const ids = new Map<string, { id: string; content: Content }>();
    const keys = contents.map((content) => {
      const files = content.attachments.map(({ fileId, tracked }) => [fileId, tracked]);
      const key = JSON.stringify([content.subject, content.body, files]);
      if (!ids.has(key)) ids.set(key, { id: uuidv7(), content });
      return key;
    });
    const rows = [...ids.values()];
    await tx.query(
      `INSERT INTO email_contents (team_id, id, subject, body)
       SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::text[])`,
      [
        teamId,
        rows.map(({ id }) => id),
        rows.map(({ content }) => content.subject),
        rows.map(({ content }) => content.body),
      ],
    );
    const holders = rows.map(({ id, content }) => ({ id, attachments: content.attachments }));
    await insertAttachments(tx, teamId, CONTENT_ATTACHMENTS, holders);
    return keys.map((key) => ids.get(key)?.id ?? '');
  }

  async byIds(reader: Reader, teamId: string, ids: readonly string[]): Promise<Map<string, Content>> {
    const rows = await reader.query<Content & { id: string }>(
      `SELECT c.id, c.subject, c.body, ${attachmentsSql(CONTENT_ATTACHMENTS, 'c')} AS attachments
       FROM email_contents c WHERE c.team_id = $1 AND c.id = ANY($2::uuid[])`,
      [teamId, [...new Set(ids)]],
    );
    return new Map(rows.map(({ id, ...content }) => [id, content]));
  }

  /** Those that neither an email nor a bulk send has any more: a draft that saves itself leaves one behind each time. */
  async dropUnused(tx: Tx, teamId: string, ids: readonly string[]): Promise<void> {
    await tx.query(
      `DELETE FROM email_contents c WHERE c.team_id = $1 AND c.id = ANY($2::uuid[])
         AND NOT EXISTS (SELECT 1 FROM emails e WHERE e.team_id = $1 AND e.content_id = c.id)
         AND NOT EXISTS (SELECT 1 FROM email_batches b WHERE b.team_id = $1 AND b.content_id = c.id)`,
      [teamId, [...new Set(ids)]],
    );
  }
}
