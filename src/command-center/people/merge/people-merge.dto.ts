import { IsUUID } from 'class-validator';
import { IdCased } from '../../../platform/http/validators.js';

export class MergePerson {
  /** Who turned out to be the person in the path, and goes */
  @IdCased()
  @IsUUID()
  person_id: string;
}
