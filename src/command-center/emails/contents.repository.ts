import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import type { Source } from '../content/dynamic-fields.js';

/** What was written. A content is never changed, so that emails can share it and a sent one keeps its own. */
@Injectable()
export class ContentsRepository {
  /** Equal contents become one: their ids in the order of what was asked for. */
  async add(tx: Tx, teamId: string, contents: readonly Source[]): Promise<string[]> {
    const ids = new Map<string, { id: string; content: Source }>();
    const keys = contents.map((content) => {
      const key = JSON.stringify([content.subject, content.body]);
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
    return keys.map((key) => ids.get(key)?.id ?? '');
  }

  async byIds(reader: Reader, teamId: string, ids: readonly string[]): Promise<Map<string, Source>> {
    const rows = await reader.query<Source & { id: string }>(
      'SELECT id, subject, body FROM email_contents WHERE team_id = $1 AND id = ANY($2::uuid[])',
      [teamId, [...new Set(ids)]],
    );
    return new Map(rows.map(({ id, subject, body }) => [id, { subject, body }]));
  }

  /** Those that no email has any more: a draft that saves itself leaves one behind each time. */
  async dropUnused(tx: Tx, teamId: string, ids: readonly string[]): Promise<void> {
    await tx.query(
      `DELETE FROM email_contents c WHERE c.team_id = $1 AND c.id = ANY($2::uuid[])
         AND NOT EXISTS (SELECT 1 FROM emails e WHERE e.team_id = $1 AND e.content_id = c.id)`,
      [teamId, [...new Set(ids)]],
    );
  }
}
