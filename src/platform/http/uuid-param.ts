import { Injectable, type PipeTransform } from '@nestjs/common';
import { ProductError } from '../errors/product-error.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** An id in the path: `@Param('id', UuidParam) id: string`. What cannot be an id names nothing: 404. */
@Injectable()
export class UuidParam implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!isUuid(value)) throw new ProductError('not_found');
    return value.toLowerCase();
  }
}
