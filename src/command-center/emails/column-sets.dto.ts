import { ArrayMinSize, ArrayUnique, IsArray, IsBoolean, IsIn } from 'class-validator';
import { EMAIL_COLUMNS, type EmailColumn } from './email-columns.js';
import { EMAIL_SORTS, type EmailSort } from './email-sorts.js';
import type { EmailFolder } from './email-state.js';

const ROWS_PER_PAGE = [25, 50, 100, 200];

export class ReplaceColumnSet {
  /** What the list shows, from left to right
   * @example ["person", "subject", "sent"] */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(EMAIL_COLUMNS, { each: true })
  columns: EmailColumn[];

  /** As in the list of emails
   * @example "newest" */
  @IsIn(EMAIL_SORTS)
  sort: EmailSort;

  /** 25, 50, 100 or 200
   * @example 50 */
  @IsIn(ROWS_PER_PAGE)
  rows_per_page: number;

  /** Whether a group email is one row */
  @IsBoolean()
  roll_up: boolean;
}

/** How one user has the list of a folder */
export class ColumnSetView {
  folder: EmailFolder;
  columns: EmailColumn[];
  sort: EmailSort;
  rows_per_page: number;
  roll_up: boolean;
  /** False: as it is for everybody who changed nothing */
  saved: boolean;
}

export class ColumnSets {
  /** One for each folder */
  data: ColumnSetView[];
}
