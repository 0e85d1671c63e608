import { describe, expect, it } from '@jest/globals';
import { explainSalesforceCode, salesforceErrors } from '../../../src/salesforce/client/error-catalogue.js';
import { ERROR_KINDS, type ErrorKind } from '../../../src/salesforce/client/errors.js';

// The Diagnostics table of the product, row by row.
const table: Record<string, { codes: string[]; kinds: ErrorKind[] }> = {
  authentication: {
    codes: [
      ...['AUTHENTICATION_FAILURE', 'EXPIRED_ACCESS', 'INACTIVE_USER', 'INACTIVE_ORGANIZATION', 'INVALID_GRANT'],
      'INVALID_SESSION_ID',
    ],
    kinds: ['stopped', 'reauthenticate'],
  },
  access_or_validation: {
    codes: [
      ...['API_CURRENTLY_DISABLED', 'API_DISABLED_FOR_ORG', 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'ENTITY_IS_LOCKED'],
      ...['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'FIELD_FILTER_VALIDATION_EXCEPTION', 'FIELD_INTEGRITY_EXCEPTION'],
      ...['INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY', 'INSUFFICIENT_ACCESS_OR_READONLY'],
      ...[
        'INVALID_FIELD_FOR_INSERT_UPDATE',
        'INVALID_TYPE',
        'INVALID_FIELD',
        'REQUIRED_FIELD_MISSING',
        'STRING_TOO_LONG',
      ],
      ...['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', 'INVALID_CROSS_REFERENCE_KEY', 'MALFORMED_ID'],
      ...['DUPLICATES_DETECTED', 'STORAGE_LIMIT_EXCEEDED', 'TXN_SECURITY_NO_ACCESS'],
    ],
    kinds: ['user', 'admin'],
  },
  intermittent: {
    codes: [
      ...['FAILED_WRITE', 'UNABLE_TO_LOCK_ROW', 'REQUEST_LIMIT_EXCEEDED', 'SERVER_UNAVAILABLE', 'QUERY_TIMEOUT'],
      ...['INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE', 'TIMEOUT', 'CONNECTION_RESET', 'SERVER_ERROR'],
    ],
    kinds: ['retry', 'concurrency', 'limit'],
  },
  other: {
    codes: ['CANNOT_UPDATE_CONVERTED_LEAD', 'ENTITY_IS_DELETED', 'UNKNOWN_EXCEPTION'],
    kinds: ['user', 'gone', 'retry'],
  },
};

const rows = Object.entries(table).flatMap(([category, { codes, kinds }]) =>
  codes.map((code) => ({ code, category, kinds })),
);

describe('the error catalogue', () => {
  it.each(rows)('explains $code', ({ code, category, kinds }) => {
    expect(Object.keys(salesforceErrors)).toContain(code);
    const entry = explainSalesforceCode(code);
    expect(entry.category).toBe(category);
    expect(kinds).toContain(entry.kind);
  });

  it('says in each entry what is happening and what to do, in sentences', () => {
    for (const [code, { sentence, advice, kind }] of Object.entries(salesforceErrors)) {
      expect([code, sentence]).toEqual([code, expect.stringMatching(/^[A-Z].{15,}[.]$/)]);
      expect([code, advice]).toEqual([code, expect.stringMatching(/^[A-Z].{10,}[.]$/)]);
      expect(ERROR_KINDS).toContain(kind);
    }
  });

  it('parks what it does not know, also names that every object has', () => {
    for (const code of ['SOMETHING_NEW', 'constructor', '__proto__']) {
      expect(explainSalesforceCode(code)).toMatchObject({ category: 'other', kind: 'user' });
    }
  });
});
