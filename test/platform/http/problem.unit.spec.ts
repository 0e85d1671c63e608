import { createHash } from 'node:crypto';
import { BadRequestException, HttpException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { ProductError } from '../../../src/platform/errors/product-error.js';
import { etagOf, requireIfMatch } from '../../../src/platform/http/conditions.js';
import { decodeCursor, encodeCursor } from '../../../src/platform/http/page.js';
import { problemOf } from '../../../src/platform/http/problem.js';

const sqlError = (code: string) => new QueryFailedError('SELECT secret', [], Object.assign(new Error('x'), { code }));

describe('problemOf', () => {
  it.each([
    [new ProductError('task_away', 'Away.'), 409, 'task_away'],
    [new BadRequestException('no'), 400, 'invalid_input'],
    [new HttpException('short and stout', 418), 418, 'invalid_input'],
    [new HttpException('internals', 502), 502, 'internal'],
    [sqlError('22P02'), 400, 'invalid_input'],
    [sqlError('22003'), 400, 'invalid_input'],
    [sqlError('23505'), 409, 'conflict'],
    [sqlError('23503'), 409, 'conflict'],
    [sqlError('57P01'), 503, 'unavailable'],
    [sqlError('53300'), 503, 'unavailable'],
    [sqlError('42601'), 500, 'internal'],
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 503, 'unavailable'],
    [new TypeError('internals'), 500, 'internal'],
    ['a string', 500, 'internal'],
    [undefined, 500, 'internal'],
  ])('%s is answered with %i %s', (error, status, code) => {
    const found = problemOf(error);
    expect([found.status, found.code]).toEqual([status, code]);
    expect(JSON.stringify(found)).not.toMatch(/internals|secret/);
  });
});

describe('If-Match', () => {
  const outcome = (header: string | undefined, version: number) => {
    try {
      requireIfMatch(header, version);
      return 'accepted';
    } catch (error) {
      return (error as ProductError).code;
    }
  };

  it.each([
    [etagOf(3), 'accepted'],
    ['"v3"', 'accepted'],
    ['W/"v3"', 'accepted'],
    ['*', 'accepted'],
    ['"v1", "v3"', 'accepted'],
    ['"v2"', 'version_mismatch'],
    ['v3', 'version_mismatch'],
    ['3', 'version_mismatch'],
    ['', 'precondition_required'],
    [undefined, 'precondition_required'],
  ])('%s on version 3 is %s', (header, expected) => {
    expect(outcome(header, 3)).toBe(expected);
  });
});

describe('a cursor', () => {
  it('comes back as it was, for any values', () => {
    for (const values of [['2026-01-01', null, 'ä"\\'], [], [null], ['']]) {
      expect(decodeCursor(encodeCursor(values), values.length)).toEqual(values);
    }
  });

  it('that was forged is refused, whatever it holds', () => {
    for (const text of ['', 'x', '{', '{"length":1}', '[1]', '[["a"]]']) {
      const checksum = createHash('sha256').update(text).digest('hex').slice(0, 8);
      const forged = Buffer.from(checksum + text).toString('base64url');
      expect(() => decodeCursor(forged, 1)).toThrow(ProductError);
    }
  });

  it('of another list is refused', () => {
    expect(() => decodeCursor(encodeCursor(['a', 'b']), 3)).toThrow(ProductError);
  });
});
