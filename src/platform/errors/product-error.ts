import { type ErrorCode, errorCatalogue } from './error-catalogue.js';

/** One field of the input that is wrong. */
export interface FieldError {
  /** Path of the field in the body or query, e.g. `tasks[3].due_date`. */
  field: string;
  /** What is wrong and what to do, a sentence. */
  message: string;
  /** A value that would be right. */
  value?: string;
}

export interface ProductErrorExtra {
  /** When it is worth trying again: answered as Retry-After. */
  retryAfterSeconds?: number;
}

/**
 * A failure with a code of the catalogue and a sentence for the person who meets it. Thrown by services in every
 * role; the HTTP filter renders it as problem details (RFC 9457).
 */
export class ProductError extends Error {
  readonly status: number;

  constructor(
    readonly code: ErrorCode,
    detail?: string,
    readonly fields: readonly FieldError[] = [],
    readonly extra: ProductErrorExtra = {},
  ) {
    super(detail ?? errorCatalogue[code].advice);
    this.name = 'ProductError';
    this.status = errorCatalogue[code].status;
  }
}
