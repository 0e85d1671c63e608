import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsObject, IsOptional } from 'class-validator';
import { type Page, PageQuery } from '../../../platform/http/page.js';
import { MayBeLeftOut } from '../../../platform/http/validators.js';
import type { ImportSource, ImportState, RowOutcome } from './people-import.entity.js';

export class UploadQuery {
  /** What stands between the columns; comma when left out */
  @MayBeLeftOut()
  @IsIn(['comma', 'semicolon', 'tab'])
  delimiter?: 'comma' | 'semicolon' | 'tab';
}

export class StartImport {
  /** Header of a column → `name`, `email`, `first_name`, `last_name`, `title`, `company`, `phone`, `source`, `time_zone`, `salesforce_id` (of a lead or contact), `unsubscribed` (yes or no), or `custom.<name>`
   * @example { "E-Mail": "email", "Branch": "custom.industry" } */
  @IsObject()
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  columns: Record<string, unknown>;

  /** Looks what would happen, and changes nobody */
  @MayBeLeftOut()
  @IsBoolean()
  dry_run?: boolean;

  /** Whether who is created is shared with the team; false when left out */
  @MayBeLeftOut()
  @IsBoolean()
  shared?: boolean;
}

export class ImportRowsQuery extends PageQuery {
  /** Only rows with this outcome */
  @IsOptional()
  @IsIn(['created', 'updated', 'unchanged', 'refused'])
  outcome?: RowOutcome;
}

export class ImportCounts {
  created: number;
  updated: number;
  unchanged: number;
  refused: number;
}

export class PeopleImportView {
  id: string;
  /** A CSV file, or what was read from Salesforce */
  source: ImportSource;
  /** `uploading`: still being read */
  state: ImportState;
  /** The headers of the file's columns */
  headers: string[];
  /** Rows in the file, the headers not counted */
  rows: number;
  /** Whether the latest run only looks */
  dry_run: boolean;
  /** What the latest run takes its columns for: header → field; before the first empty, or, from Salesforce, what they are */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  columns: Record<string, string>;
  /** Whether whom the latest run creates is shared with the team */
  shared: boolean;
  /** How many rows the latest run has done */
  rows_done: number;
  counts: ImportCounts;
  /** Why the run ended early */
  stopped_because: string | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

export class ImportRowView {
  /** From 1, the headers not counted */
  row: number;
  outcome: RowOutcome;
  /** Why it was refused */
  reason: string | null;
  /** null: refused, or only looked at */
  person_id: string | null;
}

export class ImportRowPage implements Page<ImportRowView> {
  /** In the order of the file; those that the latest run has done */
  data: ImportRowView[];
  /** Cursor of the next page, null on the last one */
  next: string | null;
}
