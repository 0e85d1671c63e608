import { Injectable } from '@nestjs/common';
import { type Reader, Transactions } from '../../platform/database/transactions.js';
import { CONTENT_ATTACHMENTS } from './contents.repository.js';
import type { Attachment } from '../files/attachments.js';
import type { EmailState } from './email-state.js';

/** Neither sent nor being sent: the recipient has it only when an earlier try was in doubt. */
const NOT_SENT: readonly EmailState[] = ['draft', 'scheduled', 'failed'];
const MAY_HAVE_ARRIVED = `(e.state <> ALL($4) OR EXISTS (
  SELECT 1 FROM email_attempts t WHERE t.team_id = e.team_id AND t.email_id = e.id AND t.outcome = 'doubt'))`;

/** The files of emails, one by one. */
@Injectable()
export class EmailAttachments {
  constructor(private readonly transactions: Transactions) {}

  /** Whoever asks may see the email. */
  of(teamId: string, emailId: string, fileId: string): Promise<Attachment | undefined> {
    return find(this.transactions, 'true', [teamId, emailId, fileId]);
  }

  /** For its recipient, who has a link: only what was sent as one. */
  linked(teamId: string, emailId: string, fileId: string): Promise<Attachment | undefined> {
    return find(this.transactions, `a.tracked AND ${MAY_HAVE_ARRIVED}`, [teamId, emailId, fileId, NOT_SENT]);
  }
}

async function find(reader: Reader, condition: string, values: unknown[]): Promise<Attachment | undefined> {
  const [row] = await reader.query<Attachment>(
    `SELECT f.id AS "fileId", f.name, f.media_type AS "mediaType", f.size, a.tracked
     FROM emails e
     JOIN ${CONTENT_ATTACHMENTS.name} a ON a.team_id = e.team_id AND a.content_id = e.content_id AND a.file_id = $3
     JOIN files f ON f.team_id = a.team_id AND f.id = a.file_id
     WHERE e.team_id = $1 AND e.id = $2 AND ${condition}`,
    values,
  );
  return row;
}
