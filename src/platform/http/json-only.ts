import type { NextFunction, Request, Response } from 'express';
import { ProductError } from '../errors/product-error.js';

export const JSON_TYPES = ['application/json', 'application/*+json'];

/** What reads its body itself, as it comes in. */
const TAKES_CSV = /^\/v1\/people-imports\/?$/;

/** Express middleware: a body of another type is refused, not silently ignored. */
export function jsonOnly(request: Request, _response: Response, next: NextFunction): void {
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  const types = TAKES_CSV.test(request.path) ? ['text/csv'] : JSON_TYPES;
  next(hasBody && !request.is(types) ? new ProductError('unsupported_media_type') : undefined);
}
