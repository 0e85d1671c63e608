import { describe, expect, it } from '@jest/globals';
import { salesforceErrors } from '../../../src/salesforce/client/error-catalogue.js';
import { type Behaviour, explain, OWN_CODES } from '../../../src/salesforce/diagnostics/explain.js';

// The table of Diagnostics, every code of it, and what the sync does about each.
const TABLE: Record<string, [category: string, behaviour: Behaviour]> = {
  AUTHENTICATION_FAILURE: ['authentication', 'stop'],
  EXPIRED_ACCESS: ['authentication', 'stop'],
  INACTIVE_USER: ['authentication', 'stop'],
  INACTIVE_ORGANIZATION: ['authentication', 'stop'],
  INVALID_GRANT: ['authentication', 'stop'],
  INVALID_SESSION_ID: ['authentication', 'stop'],

  API_CURRENTLY_DISABLED: ['access_or_validation', 'park'],
  API_DISABLED_FOR_ORG: ['access_or_validation', 'park'],
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: ['access_or_validation', 'park'],
  ENTITY_IS_LOCKED: ['access_or_validation', 'park'],
  FIELD_CUSTOM_VALIDATION_EXCEPTION: ['access_or_validation', 'park'],
  FIELD_FILTER_VALIDATION_EXCEPTION: ['access_or_validation', 'park'],
  FIELD_INTEGRITY_EXCEPTION: ['access_or_validation', 'park'],
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: ['access_or_validation', 'park'],
  INSUFFICIENT_ACCESS_OR_READONLY: ['access_or_validation', 'park'],
  INVALID_FIELD_FOR_INSERT_UPDATE: ['access_or_validation', 'park'],
  INVALID_TYPE: ['access_or_validation', 'park'],
  INVALID_FIELD: ['access_or_validation', 'park'],
  REQUIRED_FIELD_MISSING: ['access_or_validation', 'park'],
  STRING_TOO_LONG: ['access_or_validation', 'park'],
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: ['access_or_validation', 'park'],
  INVALID_CROSS_REFERENCE_KEY: ['access_or_validation', 'park'],
  MALFORMED_ID: ['access_or_validation', 'park'],
  DUPLICATES_DETECTED: ['access_or_validation', 'park'],
  STORAGE_LIMIT_EXCEEDED: ['access_or_validation', 'park'],
  TXN_SECURITY_NO_ACCESS: ['access_or_validation', 'park'],

  FAILED_WRITE: ['intermittent', 'retry'],
  UNABLE_TO_LOCK_ROW: ['intermittent', 'retry'],
  REQUEST_LIMIT_EXCEEDED: ['intermittent', 'retry'],
  CONCURRENT_REQUEST_LIMIT_EXCEEDED: ['intermittent', 'retry'],
  SERVER_UNAVAILABLE: ['intermittent', 'retry'],
  QUERY_TIMEOUT: ['intermittent', 'retry'],
  INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE: ['intermittent', 'retry'],
  TIMEOUT: ['intermittent', 'retry'],
  CONNECTION_RESET: ['intermittent', 'retry'],
  SERVER_ERROR: ['intermittent', 'retry'],

  CANNOT_UPDATE_CONVERTED_LEAD: ['other', 'park'],
  ENTITY_IS_DELETED: ['other', 'fact'],
  // A few times, then it waits for a person: see write-outcome.ts.
  UNKNOWN_EXCEPTION: ['other', 'retry'],
  SOMETHING_THAT_NOBODY_KNOWS: ['other', 'park'],

  NO_SALESFORCE_USER: ['access_or_validation', 'park'],
  ACTIVITY_ARCHIVED: ['access_or_validation', 'park'],
};

describe('the error catalogue of Diagnostics', () => {
  it.each(Object.entries(TABLE))('explains %s', (code, [category, behaviour]) => {
    const explained = explain(code);
    expect(explained).toMatchObject({ category, behaviour });
    expect(explained.sentence).toMatch(/^[A-Z].{15,}[.]$/);
    expect(explained.advice).toMatch(/^[A-Z].{10,}[.]$/);
  });

  it('has a known code for each row of the table, and explains whatever else it knows', () => {
    const known = [...Object.keys(salesforceErrors), ...Object.keys(OWN_CODES)];
    expect(known).toEqual(expect.arrayContaining(Object.keys(TABLE).filter((code) => !code.includes('NOBODY_KNOWS'))));
    for (const code of [...known, 'constructor', '']) {
      expect(explain(code)).toEqual({
        category: expect.stringMatching(/^(authentication|access_or_validation|intermittent|other)$/),
        behaviour: expect.stringMatching(/^(stop|park|retry|fact)$/),
        sentence: expect.stringMatching(/[.]$/),
        advice: expect.stringMatching(/[.]$/),
      });
    }
  });
});
