import { IsBoolean, IsUUID } from 'class-validator';
import { IdCased, MayBeLeftOut } from '../../platform/http/validators.js';

export const ATTACHMENTS_MAX = 20;

export class AttachmentInput {
  /** Of an upload of one's own (POST /v1/files), or of what is attached already */
  @IdCased()
  @IsUUID()
  file_id: string;

  /** True: the recipient gets a link of their own to it instead of the file itself */
  @MayBeLeftOut()
  @IsBoolean()
  tracked?: boolean;
}

export class AttachmentView {
  file_id: string;
  name: string;
  media_type: string;
  /** In bytes */
  size: number;
  /** Whether the recipient gets a link to it instead of the file itself */
  tracked: boolean;
}
