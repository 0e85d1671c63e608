import { HttpException } from '@nestjs/common';
import { sqlState } from '../database/transactions.js';
import { type ErrorCode, errorCatalogue } from '../errors/error-catalogue.js';
import { type FieldError, ProductError } from '../errors/product-error.js';

/** A failure as RFC 9457 shows it, before the address and the request are known. */
export interface Problem {
  code: ErrorCode;
  status: number;
  title: string;
  detail: string;
  errors: readonly FieldError[];
  retryAfterSeconds?: number;
}

const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_input',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'conflict',
  412: 'version_mismatch',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  428: 'precondition_required',
  429: 'too_many_requests',
  503: 'unavailable',
};

/** Pure: whatever was thrown → what the caller is told. Nothing of an unexpected error's own text gets out. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProductError) return { ...problem(error.code, error.message, error.fields), ...error.extra };
  if (error instanceof HttpException) return ofHttpException(error);
  const state = sqlState(error);
  if (state !== undefined) return ofSqlState(state);
  return isConnectionFailure(error) ? problem('unavailable') : problem('internal');
}

function problem(code: ErrorCode, detail?: string, errors: readonly FieldError[] = []): Problem {
  const { status, title, advice } = errorCatalogue[code];
  return { code, status, title, detail: detail || advice, errors };
}

function ofHttpException(error: HttpException): Problem {
  const status = error.getStatus();
  const code = CODE_OF_STATUS[status] ?? (status >= 500 ? 'internal' : 'invalid_input');
  if (status >= 500) return { ...problem(code), status };
  const detail = error.cause instanceof SyntaxError ? `The body is not valid JSON: ${error.message}` : error.message;
  return { ...problem(code, code === 'payload_too_large' ? undefined : detail), status };
}

// Input that only the database could judge. Class 22 is "data exception": a value that its type cannot hold.
function ofSqlState(state: string): Problem {
  if (state.startsWith('22')) return problem('invalid_input', 'A value is out of range or has characters not allowed.');
  if (state === '23502' || state === '23514') return problem('invalid_input', 'A value is missing or not allowed.');
  if (state === '23505') return problem('conflict', 'Something with the same value exists already.');
  if (state === '23503')
    return problem('conflict', 'It refers to something that is not there, or is still referred to.');
  return /^(08|53|57P)/.test(state) ? problem('unavailable') : problem('internal');
}

const CONNECTION_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE']);

function isConnectionFailure(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && CONNECTION_CODES.has(code);
}
