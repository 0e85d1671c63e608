import type { NextFunction, Request, Response } from 'express';
import { ProductError } from '../errors/product-error.js';
import type { OtherBodies } from './other-bodies.js';

export const JSON_TYPES = ['application/json', 'application/*+json'];

/** Express middleware: a body of another type than the route's is refused, not silently ignored. */
export function jsonOnly(others: OtherBodies) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
    const types = others.typesOf(request.path) ?? JSON_TYPES;
    next(hasBody && !request.is([...types]) ? new ProductError('unsupported_media_type') : undefined);
  };
}
