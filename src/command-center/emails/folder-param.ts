import { Injectable, type PipeTransform } from '@nestjs/common';
import { ProductError } from '../../platform/errors/product-error.js';
import { EMAIL_FOLDERS, type EmailFolder } from './email-state.js';

/** A folder in the path. */
@Injectable()
export class FolderParam implements PipeTransform<string, EmailFolder> {
  transform(value: string): EmailFolder {
    const folder = EMAIL_FOLDERS.find((known) => known === value);
    if (folder === undefined) throw new ProductError('not_found', 'There is no such folder.');
    return folder;
  }
}
