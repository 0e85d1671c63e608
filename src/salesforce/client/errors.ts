/**
 * What to do about a failure:
 * - `retry`: again, with backoff and jitter
 * - `concurrency`: the org is busy (a locked row, too many long calls): again soon, with less at once
 * - `limit`: the daily limit of calls is spent: wait for the rolling window
 * - `reauthenticate`: the session ended or the org moved: the client refreshes by itself; seen outside only if that did not help
 * - `stopped`: Salesforce refuses the log-in: an admin must connect again
 * - `admin`: an admin must change something in Salesforce or here; nothing of this kind will work until then
 * - `user`: this record is refused: park it until somebody acts
 * - `gone`: the record is deleted: a fact, to be applied
 */
export const ERROR_KINDS = [
  'retry',
  'concurrency',
  'limit',
  'reauthenticate',
  'stopped',
  'admin',
  'user',
  'gone',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

export interface SalesforceErrorValues {
  /** Salesforce's code, or one of ours for what has none (TIMEOUT, CONNECTION_RESET, …). */
  code: string;
  /** Salesforce's own words. */
  message: string;
  fields?: readonly string[];
  kind: ErrorKind;
  /** Whether the write may have happened all the same. */
  doubtful?: boolean;
  /** Not before so many milliseconds from now, if known. */
  retryAfterMs?: number;
  /** HTTP status, if there was an answer. */
  status?: number;
}

/** A refusal or failure of Salesforce, classified once (classify.ts). Never holds tokens. */
export class SalesforceError extends Error {
  readonly code: string;
  readonly fields: readonly string[];
  readonly kind: ErrorKind;
  readonly doubtful: boolean;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;

  constructor(values: SalesforceErrorValues) {
    super(values.message);
    this.name = 'SalesforceError';
    this.code = values.code;
    this.fields = values.fields ?? [];
    this.kind = values.kind;
    this.doubtful = values.doubtful ?? false;
    this.retryAfterMs = values.retryAfterMs;
    this.status = values.status;
  }
}
