import type { NextFunction, Request, Response } from 'express';
import { type FieldError, ProductError } from '../errors/product-error.js';

/** Deeper than anything this API takes; whatever walks a body afterwards cannot run out of stack. */
const MAX_DEPTH = 20;
/** NUL, which Postgres cannot keep, and halves of a surrogate pair, which would be replaced in silence. */
const UNKEPT = /\0|\p{Surrogate}/u;

/** Express middleware, after the JSON parser: refuses a body that cannot be worked with, and says where. */
export function plainBody(request: Request, _response: Response, next: NextFunction): void {
  next(faultOf(request.body));
}

function faultOf(body: unknown): ProductError | undefined {
  let level: [path: string, value: unknown][] = [['', body]];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) {
      return new ProductError('invalid_input', `The body is nested deeper than ${MAX_DEPTH} levels.`);
    }
    const [unkept] = level.filter(([, value]) => typeof value === 'string' && UNKEPT.test(value));
    if (unkept) return refusal(unkept[0]);
    level = level.flatMap(([path, value]) => childrenOf(path, value));
  }
  return undefined;
}

function childrenOf(path: string, value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.map((one: unknown, index) => [`${path}[${index}]`, one]);
  return Object.entries(value).map(([name, one]) => [path ? `${path}.${name}` : name, one]);
}

function refusal(field: string): ProductError {
  const message = 'has a character that cannot be kept: NUL, or half of a surrogate pair';
  const fields: FieldError[] = [{ field, message }];
  return new ProductError('invalid_input', `${field} ${message}.`, fields);
}
