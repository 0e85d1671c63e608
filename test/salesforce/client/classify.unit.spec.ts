import { describe, expect, it } from '@jest/globals';
import {
  classify,
  classifyRecord,
  classifySubRequest,
  duplicateOf,
  isTransient,
} from '../../../src/salesforce/client/classify.js';
import { TransportError } from '../../../src/salesforce/client/http.js';

/** As jsforce throws them. */
function apiError(errorCode: string, message = 'words', data: unknown = { errorCode, message }): Error {
  return Object.assign(new Error(message), { name: errorCode, errorCode, data });
}

const read = { write: false };
const write = { write: true };

describe('classify', () => {
  it.each([
    ['a spent daily limit', apiError('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'), 403, 'limit', false],
    [
      'too many long calls',
      apiError('REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.'),
      403,
      'concurrency',
      false,
    ],
    ['an ended session', apiError('INVALID_SESSION_ID'), 401, 'reauthenticate', false],
    ['any other 401', apiError('INVALID_AUTH_HEADER'), 401, 'reauthenticate', false],
    ['a deactivated user', apiError('INACTIVE_USER'), 401, 'stopped', false],
    ['a switched-off API', apiError('API_DISABLED_FOR_ORG'), 403, 'admin', false],
    [
      'a refused token at userinfo',
      apiError('ERROR_HTTP_403', 'Bad_OAuth_Token', 'Bad_OAuth_Token'),
      403,
      'reauthenticate',
      false,
    ],
    ['an overloaded server', apiError('SERVER_UNAVAILABLE'), 503, 'retry', false],
    ['an internal failure', apiError('UNKNOWN_EXCEPTION'), 500, 'retry', true],
    ["a gateway's page", apiError('ERROR_HTTP_502', '<html>', '<html>'), 502, 'retry', true],
    ['an unknown code', apiError('BRAND_NEW'), 400, 'user', false],
    ['a missing resource', apiError('NOT_FOUND'), 404, 'gone', false],
    ['a fault of ours', apiError('MALFORMED_QUERY'), 400, 'admin', false],
  ])('knows %s', (_name, error, status, kind, doubtful) => {
    expect(classify(error, { ...write, status })).toMatchObject({ kind, doubtful, status });
    expect(classify(error, { ...read, status })).toMatchObject({ kind, doubtful: false });
  });

  it('tells a write that may have happened from one that was never sent', () => {
    const reset = new TransportError('CONNECTION_RESET', 'broke off', true);
    const timeout = new TransportError('TIMEOUT', 'late', true);
    const refused = new TransportError('UNREACHABLE', 'refused', false);
    expect([reset, timeout, refused].map((error) => classify(error, write).doubtful)).toEqual([true, true, false]);
    expect([reset, timeout, refused].map((error) => classify(error, read).doubtful)).toEqual([false, false, false]);
  });

  it('takes the first of several errors, and its fields', () => {
    const data = [
      { errorCode: 'STRING_TOO_LONG', message: 'Subject: too long', fields: ['Subject'] },
      { errorCode: 'INVALID_FIELD', message: 'x' },
    ];
    expect(classify(apiError('MULTIPLE_API_ERRORS', 'several', data), { ...write, status: 400 })).toMatchObject({
      code: 'STRING_TOO_LONG',
      message: 'Subject: too long',
      fields: ['Subject'],
      kind: 'user',
    });
  });

  it('reads a SOAP fault', () => {
    const xml =
      '<e><faultcode>sf:INVALID_SESSION_ID</faultcode><faultstring>INVALID_SESSION_ID: over</faultstring></e>';
    const error = classify(apiError('ERROR_HTTP_500', xml, { message: xml }), { ...write, status: 500 });
    expect(error).toMatchObject({ code: 'INVALID_SESSION_ID', message: 'over', kind: 'reauthenticate' });
  });

  it('reads Retry-After in seconds', () => {
    const at = (retryAfter: string) => classify(apiError('SERVER_UNAVAILABLE'), { ...read, status: 503, retryAfter });
    expect(at('7').retryAfterMs).toBe(7_000);
    expect(at('Wed, 21 Oct 2026 07:28:00 GMT').retryAfterMs).toBeUndefined();
  });

  it('cuts long pages', () => {
    const page = 'x'.repeat(100_000);
    expect(classify(apiError('ERROR_HTTP_500', page, page), { ...read, status: 500 }).message).toHaveLength(2_000);
  });

  it('asks again at once only when the line or the server failed', () => {
    const of = (code: string, status: number) => isTransient(classify(apiError(code), { ...read, status }));
    expect(of('SERVER_UNAVAILABLE', 503)).toBe(true);
    expect(isTransient(classify(new TransportError('CONNECTION_RESET', 'x', true), read))).toBe(true);
    expect(of('QUERY_TIMEOUT', 400)).toBe(false);
    expect(of('REQUEST_LIMIT_EXCEEDED', 403)).toBe(false);
    expect(of('MALFORMED_QUERY', 400)).toBe(false);
  });
});

describe('a refused record', () => {
  it('is no doubt: it did not happen', () => {
    const error = classifyRecord([{ statusCode: 'UNABLE_TO_LOCK_ROW', message: 'locked', fields: [] }]);
    expect(error).toMatchObject({ code: 'UNABLE_TO_LOCK_ROW', kind: 'concurrency', doubtful: false });
  });

  it('keeps all words and fields', () => {
    const error = classifyRecord([
      { statusCode: 'REQUIRED_FIELD_MISSING', message: 'Status', fields: ['Status'] },
      { statusCode: 'FIELD_INTEGRITY_EXCEPTION', message: 'OwnerId', fields: ['OwnerId'] },
    ]);
    expect(error).toMatchObject({ message: 'Status · OwnerId', fields: ['Status', 'OwnerId'], kind: 'user' });
  });

  it('without a reason is an unknown failure', () => {
    expect(classifyRecord([])).toMatchObject({ code: 'UNKNOWN_EXCEPTION', kind: 'retry' });
  });
});

describe('a failed part of a Composite call', () => {
  it('is classified by its own status', () => {
    expect(classifySubRequest(400, [{ errorCode: 'PROCESSING_HALTED', message: 'x' }])).toMatchObject({
      kind: 'retry',
      doubtful: false,
    });
    expect(classifySubRequest(500, [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'x' }])).toMatchObject({
      doubtful: true,
    });
    expect(classifySubRequest(503, null)).toMatchObject({ code: 'SERVER_ERROR', doubtful: true });
  });
});

describe('duplicateOf', () => {
  const of = (message: string, statusCode = 'DUPLICATE_VALUE') =>
    duplicateOf(classifyRecord([{ statusCode, message }]));

  it('finds the id of the record that has the value', () => {
    const words = 'duplicate value found: Command_Center_Key__c duplicates value on record with id: ';
    expect(of(`${words}00T000000000001`)).toBe('00T000000000001EAA');
    expect(of(`${words}00T000000000001EAA.`)).toBe('00T000000000001EAA');
    expect(of('duplicate value found: <unknown> duplicates value on record with id: <unknown>')).toBeUndefined();
    expect(of(`${words}00T000000000001`, 'DUPLICATES_DETECTED')).toBeUndefined();
  });
});
