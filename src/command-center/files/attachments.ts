import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import { invalidInput } from '../../platform/http/validation.js';
import type { AttachmentInput, AttachmentView } from './attachments.dto.js';
import { FILE_BYTES_MAX } from './file-storage.js';

/** A file as an email or a template has it. */
export interface Attachment {
  fileId: string;
  name: string;
  mediaType: string;
  size: number;
  /** The recipient gets a link to it, whose viewing can be told, instead of the file itself. */
  tracked: boolean;
}

/** Who may attach what: one's own files, and those that are there already. */
@Injectable()
export class Attachments {
  /** `there`: of the email before its edit, or of the template that it is begun with. */
  async chosen(
    tx: Tx,
    { teamId, userId }: { teamId: string; userId: string | null },
    wanted: readonly AttachmentInput[],
    there: readonly Attachment[],
  ): Promise<Attachment[]> {
    const known = new Map(there.map((one) => [one.fileId, one]));
    const others = wanted.map(({ file_id }) => file_id).filter((id) => !known.has(id));
    for (const own of others.length === 0 ? [] : await ownFiles(tx, teamId, userId, others)) known.set(own.fileId, own);
    const chosen = wanted.map(({ file_id, tracked = false }, index) => {
      const file = known.get(file_id);
      if (!file) throw invalidInput([{ field: `attachments.${index}.file_id`, message: 'is no file of yours' }]);
      return { ...file, tracked };
    });
    requireNotTooMuch(chosen);
    return chosen;
  }
}

/** 20 MB in all go with an email; a link to a file weighs nothing. */
function requireNotTooMuch(attachments: readonly Attachment[]): void {
  const enclosed = attachments.filter(({ tracked }) => !tracked);
  if (enclosed.reduce((sum, { size }) => sum + size, 0) <= FILE_BYTES_MAX) return;
  const message = 'are more than 20 MB in all: send some as a link (tracked)';
  throw invalidInput([{ field: 'attachments', message }]);
}

/** Held, so that none is removed before it is named. */
async function ownFiles(
  tx: Reader,
  teamId: string,
  userId: string | null,
  ids: readonly string[],
): Promise<Attachment[]> {
  return tx.query<Attachment>(
    `SELECT id AS "fileId", name, media_type AS "mediaType", size, false AS tracked FROM files
     WHERE team_id = $1 AND user_id IS NOT DISTINCT FROM $2 AND id = ANY($3::uuid[]) AND whole
     ORDER BY id FOR KEY SHARE`,
    [teamId, userId, ids],
  );
}

/** Pure: as the API shows it. */
export function attachmentView({ fileId, name, mediaType, size, tracked }: Attachment): AttachmentView {
  return { file_id: fileId, name, media_type: mediaType, size, tracked };
}
