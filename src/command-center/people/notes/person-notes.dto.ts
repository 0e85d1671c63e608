import { IsString, Length } from 'class-validator';
import type { Page } from '../../../platform/http/page.js';
import { Trimmed } from '../../../platform/http/validators.js';

export class NoteText {
  /** @example "Prefers to be called in the afternoon" */
  @Trimmed()
  @IsString()
  @Length(1, 10_000)
  text: string;
}

export class NoteAuthor {
  /** `user:<id>` or `key:<id>` */
  id: string;
  name: string;
}

export class PersonNoteView {
  id: string;
  text: string;
  author: NoteAuthor;
  /** The version in the ETag */
  version: number;
  created_at: Date;
  /** Null: as it was written */
  edited_at: Date | null;
}

export class PersonNotePage implements Page<PersonNoteView> {
  /** Newest first */
  data: PersonNoteView[];
  /** Cursor of the next page, null on the last one */
  next: string | null;
}
