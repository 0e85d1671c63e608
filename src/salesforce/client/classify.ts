import { explainSalesforceCode } from './error-catalogue.js';
import { type ErrorKind, SalesforceError } from './errors.js';
import { TransportError } from './http.js';
import { isSalesforceId, to18 } from './ids.js';

/** What a failed call was, as far as the error itself does not say. */
export interface FailureContext {
  /** Whether it asked for a change: only then a lost answer is doubtful. */
  write: boolean;
  /** HTTP status of the answer, if there was one. */
  status?: number;
  /** The Retry-After header, if there was one. */
  retryAfter?: string;
}

/** One error of a list of errors, in any of the shapes that Salesforce has. */
interface SaveError {
  code: string;
  message: string;
  fields: string[];
}

const MAX_WORDS = 2_000;

// Refused before any work: the write did not happen, although the status is 5xx.
const NOT_BEGUN = new Set([
  'SERVER_UNAVAILABLE',
  'REQUEST_LIMIT_EXCEEDED',
  'INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE',
  'API_CURRENTLY_DISABLED',
]);

/** Pure: whatever a call threw → what it means. Nothing else looks at Salesforce's messages. */
export function classify(error: unknown, context: FailureContext): SalesforceError {
  if (error instanceof SalesforceError) return error;
  if (error instanceof TransportError) {
    const { code, message } = error;
    return make({ code, message, fields: [] }, { doubtful: context.write && error.sent });
  }
  const own = (error ?? {}) as { errorCode?: unknown; message?: unknown; data?: unknown };
  if (typeof own.errorCode !== 'string') {
    const message = error instanceof Error ? error.message : String(error);
    return make(
      { code: 'UNREADABLE_ANSWER', message, fields: [] },
      { doubtful: context.write, status: context.status },
    );
  }
  const [first] = saveErrorsOf(own.data);
  const text = typeof own.message === 'string' ? own.message : '';
  return ofAnswer(soapFault(text) ?? first ?? { code: own.errorCode, message: text, fields: [] }, context);
}

/** The body of a sub-request of Composite that failed inside HTTP 200. */
export function classifySubRequest(status: number, body: unknown): SalesforceError {
  const [first] = saveErrorsOf(body);
  const unknown = { code: `ERROR_HTTP_${status}`, message: `The answer was HTTP ${status}.`, fields: [] };
  return ofAnswer(first ?? unknown, { write: true, status });
}

/** One entry of a save result's `errors`: the record was refused, so nothing is in doubt. */
export function classifyRecord(errors: unknown): SalesforceError {
  const [first, ...others] = saveErrorsOf(errors);
  if (!first) return make({ code: 'UNKNOWN_EXCEPTION', message: 'Salesforce gave no reason.', fields: [] });
  const message = [first, ...others].map((one) => one.message).join(' · ');
  return make({ ...first, message, fields: [first, ...others].flatMap((one) => one.fields) });
}

/** Whether a read may be asked for again at once (with a short pause): the line or the server failed, not the query. */
export function isTransient(error: SalesforceError): boolean {
  if (error.kind !== 'retry') return false;
  return error.status === undefined || error.status >= 500 || error.status === 429;
}

const DUPLICATE_ID = /record with id:?\s*([a-zA-Z0-9]{18}|[a-zA-Z0-9]{15})(?![a-zA-Z0-9])/i;

/** The id, 18 characters, of the record that has the same unique value; undefined when the words name none. */
export function duplicateOf(error: SalesforceError): string | undefined {
  if (error.code !== 'DUPLICATE_VALUE') return undefined;
  const id = DUPLICATE_ID.exec(error.message)?.[1];
  return id !== undefined && isSalesforceId(id) ? to18(id) : undefined;
}

function ofAnswer(error: SaveError, { write, status, retryAfter }: FailureContext): SalesforceError {
  const retryAfterMs = millisecondsOf(retryAfter);
  const known = codeOf(error, status);
  // 5xx: unless it says that it never began, part of the work may be committed.
  const doubtful = write && status !== undefined && status >= 500 && !NOT_BEGUN.has(known);
  return make({ ...error, code: known }, { doubtful, status, retryAfterMs });
}

function codeOf({ code, message }: SaveError, status: number | undefined): string {
  if (code === 'REQUEST_LIMIT_EXCEEDED' && /concurrent/i.test(message)) return 'CONCURRENT_REQUEST_LIMIT_EXCEEDED';
  if (/Bad_OAuth_Token|Missing_OAuth_Token/.test(message)) return 'INVALID_SESSION_ID';
  if (!/^ERROR_HTTP_\d+$/.test(code)) return code;
  // No code of Salesforce's: a gateway's page, say.
  if (status === undefined) return 'UNREADABLE_ANSWER';
  if (status === 401) return 'INVALID_SESSION_ID';
  if (status === 404 || status === 410) return 'NOT_FOUND';
  if (status >= 300 && status < 400) return 'UNEXPECTED_REDIRECT';
  return status >= 500 || status === 429 || status === 420 ? 'SERVER_ERROR' : code;
}

function make(
  error: SaveError,
  more: { doubtful?: boolean; status?: number; retryAfterMs?: number } = {},
): SalesforceError {
  // A gateway's page can be long.
  const message = error.message.slice(0, MAX_WORDS);
  return new SalesforceError({ ...error, message, kind: kindOf(error, more.status), ...more });
}

function kindOf({ code }: SaveError, status: number | undefined): ErrorKind {
  if (status === 401 && code !== 'INACTIVE_USER') return 'reauthenticate';
  return explainSalesforceCode(code).kind;
}

/** `{errorCode}` of a refused call, `{statusCode}` of a refused record; one or a list. */
function saveErrorsOf(value: unknown): SaveError[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { errorCode, statusCode, message, fields } = entry as Record<string, unknown>;
    const code = errorCode ?? statusCode;
    if (typeof code !== 'string') return [];
    return [{ code, message: typeof message === 'string' ? message : '', fields: textsOf(fields) }];
  });
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}

/** A SOAP fault comes as an XML text: `<faultcode>sf:CODE</faultcode><faultstring>CODE: words</faultstring>`. */
function soapFault(text: string): SaveError | undefined {
  const code = /<faultcode>(?:\w+:)?(\w+)<\/faultcode>/.exec(text)?.[1];
  if (code === undefined) return undefined;
  const words = /<faultstring>([\s\S]*?)<\/faultstring>/.exec(text)?.[1] ?? '';
  return { code, message: words.replace(`${code}: `, ''), fields: [] };
}

/** Retry-After is a number of seconds or a date; a date needs a clock and Salesforce sends none. */
function millisecondsOf(retryAfter: string | undefined): number | undefined {
  const seconds = Number(retryAfter);
  return retryAfter && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
