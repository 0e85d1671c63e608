import { createHash } from 'node:crypto';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { ProductError } from '../errors/product-error.js';

export const DEFAULT_PAGE = 50;
const MAX_PAGE = 200;

/** The query of a list. Lists with filters extend it. */
export class PageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_PAGE, default: DEFAULT_PAGE })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE)
  limit: number = DEFAULT_PAGE;

  @ApiPropertyOptional({ type: String, description: '`next` of the page before' })
  @IsOptional()
  @IsString()
  @MaxLength(4000)
  after?: string;
}

/** One page of a list; `next` is the cursor of the following page, null on the last one. */
export interface Page<T> {
  data: T[];
  next: string | null;
}

/** A position in a list: the values that it is sorted by, of the last row shown. */
export function encodeCursor(values: readonly (string | null)[]): string {
  const text = JSON.stringify(values);
  return Buffer.from(checksum(text) + text).toString('base64url');
}

export function decodeCursor(text: string, expectedLength: number): (string | null)[] {
  const decoded = Buffer.from(text, 'base64url').toString('utf8');
  const body = decoded.slice(CHECKSUM);
  if (decoded.slice(0, CHECKSUM) === checksum(body)) {
    const values = parsed(body);
    if (isPosition(values, expectedLength)) return values;
  }
  throw new ProductError(
    'invalid_input',
    'This cursor is none of this list: take `next` of the page before as it is.',
    [{ field: 'after', message: 'is not a cursor of this list' }],
  );
}

/**
 * The page from one row more than asked for, which is how a list knows whether there is a next page.
 * `position` answers the values that the list is sorted by.
 */
export function toPage<Row, T>(
  rows: readonly Row[],
  limit: number,
  position: (row: Row) => readonly (string | null)[],
  shape: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? encodeCursor(position(last)) : null;
  return { data: shown.map(shape), next };
}

// The checksum is no secret: what fits it need not be JSON.
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPosition(values: unknown, length: number): values is (string | null)[] {
  return (
    Array.isArray(values) &&
    values.length === length &&
    values.every((value) => value === null || typeof value === 'string')
  );
}

const CHECKSUM = 8;

// Against accidents (a cut or mistyped cursor). Who forges one sees another position of what they may see anyway.
function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, CHECKSUM);
}
