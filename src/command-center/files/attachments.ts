import type { Tx } from '../../platform/database/transactions.js';
import { invalidInput } from '../../platform/http/validation.js';
import type { AttachmentInput, AttachmentView } from './attachments.dto.js';
import { FILE_BYTES_MAX } from './file-storage.js';

/** A file as an email or a template has it. */
export interface Attachment {
  fileId: string;
  name: string;
  mediaType: string;
  size: number;
  /** The recipient gets a link to it, instead of the file itself. */
  tracked: boolean;
}

/**
 * The files that somebody attaches: their own, and those that are there already (of the email before its edit, of the
 * template that it is begun with). They are held, so that none is removed before it is named.
 */
export async function chosenFiles(
  tx: Tx,
  { teamId, userId }: { teamId: string; userId: string | null },
  wanted: readonly AttachmentInput[],
  there: readonly Attachment[],
): Promise<Attachment[]> {
  const found = await tx.query<Attachment>(
    `SELECT id AS "fileId", name, media_type AS "mediaType", size, false AS tracked FROM files
     WHERE team_id = $1 AND id = ANY($3::uuid[]) AND whole AND (user_id IS NOT DISTINCT FROM $2 OR id = ANY($4::uuid[]))
     ORDER BY id FOR KEY SHARE`,
    [teamId, userId, wanted.map(({ file_id }) => file_id), there.map(({ fileId }) => fileId)],
  );
  const known = new Map(found.map((file) => [file.fileId, file]));
  const chosen = wanted.map(({ file_id, tracked = false }, index) => {
    const file = known.get(file_id);
    if (!file) throw invalidInput([{ field: `attachments.${index}.file_id`, message: 'is no file of yours' }]);
    return { ...file, tracked };
  });
  requireNotTooMuch(chosen);
  return chosen;
}

/** 20 MB in all go with an email; a link to a file weighs nothing. */
function requireNotTooMuch(attachments: readonly Attachment[]): void {
  const enclosed = attachments.filter(({ tracked }) => !tracked);
  if (enclosed.reduce((sum, { size }) => sum + size, 0) <= FILE_BYTES_MAX) return;
  const message = 'are more than 20 MB in all: send some as a link (tracked)';
  throw invalidInput([{ field: 'attachments', message }]);
}

/** Pure: as the API shows it. */
export function attachmentView({ fileId, name, mediaType, size, tracked }: Attachment): AttachmentView {
  return { file_id: fileId, name, media_type: mediaType, size, tracked };
}
