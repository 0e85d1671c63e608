import { Injectable, type PipeTransform } from '@nestjs/common';
import { isEmail } from 'class-validator';
import { invalidInput } from '../../platform/http/validation.js';

export const EMAIL_MAX = 254;

/** An address in the path, as addresses are stored and compared. */
@Injectable()
export class EmailParam implements PipeTransform<string, string> {
  transform(value: string): string {
    const email = value.trim().toLowerCase();
    if (email.length <= EMAIL_MAX && isEmail(email)) return email;
    throw invalidInput([{ field: 'email', message: 'must be an email address' }]);
  }
}
