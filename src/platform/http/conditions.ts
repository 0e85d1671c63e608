import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Request } from 'express';
import { ProductError } from '../errors/product-error.js';

export function etagOf(version: number): string {
  return `"v${version}"`;
}

/**
 * Refuses a change that is not based on the present version. Weak tags are taken too, though RFC 9110 compares
 * strongly: proxies that compress make a tag weak on its way, and the version is still the same one.
 */
export function requireIfMatch(header: string | undefined, version: number): void {
  if (header === undefined || header.trim() === '') throw new ProductError('precondition_required');
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!tags.includes('*') && !tags.includes(etagOf(version))) throw new ProductError('version_mismatch');
}

const documented =
  (required: boolean): ParameterDecorator =>
  (target, key, _index) => {
    const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
    if (!key || !descriptor) return;
    const description = 'ETag of the version that this change is based on';
    ApiHeader({ name: 'If-Match', description, required, example: '"v3"' })(target, key, descriptor);
  };

const fromHeader = (_: unknown, context: ExecutionContext): string | undefined =>
  context.switchToHttp().getRequest<Request>().headers['if-match'];

/** The If-Match header, for requireIfMatch(). */
export const IfMatch = createParamDecorator(fromHeader, [documented(true)]);

/** The If-Match header of a change that fits any version, unless one is named. */
export const OptionalIfMatch = createParamDecorator(fromHeader, [documented(false)]);
