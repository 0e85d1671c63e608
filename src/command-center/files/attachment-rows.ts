import type { Tx } from '../../platform/database/transactions.js';
import type { Attachment } from './attachments.js';

/** A table whose rows say which files something has, in their order. */
export interface AttachmentTable {
  name: 'email_content_attachments' | 'template_attachments';
  /** What has them. */
  holder: 'content_id' | 'template_id';
}

export async function insertAttachments(
  tx: Tx,
  teamId: string,
  { name, holder }: AttachmentTable,
  holders: readonly { id: string; attachments: readonly Attachment[] }[],
): Promise<void> {
  const rows = holders.flatMap(({ id, attachments }) => attachments.map((one, position) => ({ id, position, ...one })));
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${name} (team_id, ${holder}, position, file_id, tracked)
     SELECT $1, * FROM unnest($2::uuid[], $3::integer[], $4::uuid[], $5::boolean[])`,
    [
      teamId,
      rows.map(({ id }) => id),
      rows.map(({ position }) => position),
      rows.map(({ fileId }) => fileId),
      rows.map(({ tracked }) => tracked),
    ],
  );
}

/** What `of` (a row of the holder, by its alias) has, as a JSON array of Attachment. */
export function attachmentsSql({ name, holder }: AttachmentTable, of: string): string {
  return `coalesce((
    SELECT jsonb_agg(jsonb_build_object('fileId', f.id, 'name', f.name, 'mediaType', f.media_type, 'size', f.size,
      'tracked', a.tracked) ORDER BY a.position)
    FROM ${name} a JOIN files f ON f.team_id = a.team_id AND f.id = a.file_id
    WHERE a.team_id = ${of}.team_id AND a.${holder} = ${of}.id), '[]')`;
}
