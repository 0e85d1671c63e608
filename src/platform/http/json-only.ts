import type { NextFunction, Request, Response } from 'express';
import { ProductError } from '../errors/product-error.js';

export const JSON_TYPES = ['application/json', 'application/*+json'];

/** Express middleware: a body of another type is refused, not silently ignored. */
export function jsonOnly(request: Request, _response: Response, next: NextFunction): void {
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  next(hasBody && !request.is(JSON_TYPES) ? new ProductError('unsupported_media_type') : undefined);
}
