import { IsString, Length } from 'class-validator';
import { Trimmed } from '../../../platform/http/validators.js';

export class ErasePerson {
  /** The person's name or one of their addresses: it cannot be undone
   * @example "grace@example.com" */
  @Trimmed()
  @IsString()
  @Length(1, 254)
  confirm: string;
}

/** How much there was: all that is left of a person */
export class Erasure {
  notes: number;
  groups: number;
  salesforce_records: number;
  /** Rows of import files, which are empty now */
  import_rows: number;
}
