import type { ErrorKind } from './errors.js';

/** As Diagnostics groups them. */
export type ErrorCategory = 'authentication' | 'access_or_validation' | 'intermittent' | 'other';

export interface CatalogueEntry {
  category: ErrorCategory;
  kind: ErrorKind;
  /** What is happening. */
  sentence: string;
  /** What to do, a sentence. */
  advice: string;
}

const BY_ITSELF = 'Nothing to do: it is tried again by itself.';

/** Every code of Salesforce that we know, and our own for failures that have none. */
export const salesforceErrors: Readonly<Record<string, CatalogueEntry>> = {
  // Authentication: stop the connection, tell the admin.
  AUTHENTICATION_FAILURE: authentication('Salesforce refuses the log-in of the integration user.'),
  EXPIRED_ACCESS: authentication('The access that was granted to Command Center has expired or was revoked.'),
  INACTIVE_USER: {
    category: 'authentication',
    kind: 'stopped',
    sentence: 'The integration user is deactivated in Salesforce.',
    advice: 'Activate that user in Salesforce, or connect again with another one.',
  },
  INACTIVE_ORGANIZATION: {
    category: 'authentication',
    kind: 'stopped',
    sentence: 'The Salesforce org is locked, expired or closed.',
    advice: 'Talk to Salesforce about the org; then connect again.',
  },
  INVALID_GRANT: {
    category: 'authentication',
    kind: 'stopped',
    sentence:
      'Salesforce no longer accepts the stored log-in: it was revoked, replaced, idle too long, or our address is not allowed (IP restricted).',
    advice: 'Check the IP allow-list of the External Client App, then connect again.',
  },
  INVALID_SESSION_ID: {
    category: 'authentication',
    kind: 'reauthenticate',
    sentence: 'The session has ended, and new ones are refused too.',
    advice: 'Connect Salesforce again.',
  },
  ORG_CHANGED: {
    category: 'authentication',
    kind: 'stopped',
    sentence:
      'The log-in now leads to another Salesforce org, as after the refresh of a sandbox. To go on would mix up two orgs.',
    advice:
      'Log in to the org that this team belongs to; or leave it for the other one with “Switch to another org” under Salesforce.',
  },
  NOT_CONNECTED: authentication('Salesforce is not connected.'),
  OAUTH_APP_ACCESS_DENIED: {
    category: 'authentication',
    kind: 'stopped',
    sentence: 'The integration user is not approved for the External Client App.',
    advice:
      'In the policies of the app choose that admin approved users are pre-authorized, add the permission set of the integration user, then connect again.',
  },
  JWT_AUDIENCE_INVALID: {
    category: 'authentication',
    kind: 'admin',
    sentence: 'Salesforce says that the log-in is meant for another log-in server.',
    advice:
      'Connect with https://login.salesforce.com for production, https://test.salesforce.com for a sandbox, or the org’s own My Domain.',
  },
  JWT_ASSERTION_INVALID: {
    category: 'authentication',
    kind: 'admin',
    sentence: 'Salesforce does not accept our signature: the certificate, the user name or the time does not fit.',
    advice:
      'Upload the certificate of SALESFORCE_JWT_PRIVATE_KEY to the External Client App, check the user name and the clock of this server; it goes on by itself.',
  },
  JWT_KEY_MISSING: {
    category: 'authentication',
    kind: 'admin',
    sentence: 'This installation has no key any more to log in to Salesforce with.',
    advice: 'Set SALESFORCE_JWT_PRIVATE_KEY again; it goes on by itself. Or connect again by a log-in.',
  },
  CLIENT_REFUSED: {
    category: 'authentication',
    kind: 'admin',
    sentence: 'Salesforce does not accept the client id or secret of this installation.',
    advice: 'Check SALESFORCE_CLIENT_ID, SALESFORCE_CLIENT_SECRET and the External Client App.',
  },
  TOKEN_UNREADABLE: {
    category: 'authentication',
    kind: 'admin',
    sentence: 'The stored log-in cannot be opened with the encryption keys of this installation.',
    advice: 'Put the key back into ENCRYPTION_KEYS, or connect Salesforce again.',
  },

  // Access: somebody must give a right.
  API_CURRENTLY_DISABLED: org('The API of the Salesforce org is switched off for now.'),
  API_DISABLED_FOR_ORG: {
    category: 'access_or_validation',
    kind: 'admin',
    sentence: 'The Salesforce org, or the integration user, has no access to the API.',
    advice: 'Give the integration user the permission "API Enabled"; check that the edition includes the API.',
  },
  SOAP_TAKES_NO_JWT: refused(
    'The task cannot be brought back from the recycle bin of Salesforce: its SOAP API does not take the kind of token that the External Client App gives.',
    'In the External Client App turn off “Issue JSON Web Token (JWT)-based access tokens”, connect again, then retry.',
  ),
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: refused(
    'An automation in Salesforce (a flow or an Apex trigger) failed and refused the record.',
    'Show the message to your Salesforce admin; correct the automation or the record, then retry.',
  ),
  ENTITY_IS_LOCKED: refused(
    'The record is locked in Salesforce, by an approval process for example.',
    'Unlock it or finish the approval, then retry.',
  ),
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: refused(
    'The integration user may not use the related record (owner, person or related record).',
    'Give the integration user access to that record, or choose another one, then retry.',
  ),
  INSUFFICIENT_ACCESS_OR_READONLY: refused(
    'The integration user may not change this record.',
    'Give the integration user the rights to edit it, then retry.',
  ),
  TXN_SECURITY_NO_ACCESS: refused(
    'A transaction security policy of the Salesforce org blocks this.',
    'Ask your Salesforce admin to exempt the integration user from the policy, then retry.',
  ),
  STORAGE_LIMIT_EXCEEDED: org(
    'The Salesforce org has no storage left.',
    'Free storage in Salesforce or buy more, then retry.',
  ),
  INVALID_FIELD: refused(
    'A field does not exist in Salesforce, or the integration user cannot see it.',
    'Give the integration user access to the field named in the message, then retry.',
  ),
  INVALID_FIELD_FOR_INSERT_UPDATE: refused(
    'A field cannot be written in Salesforce.',
    'Give the integration user edit access to the field named in the message, then retry.',
  ),
  INVALID_TYPE: refused(
    'The object does not exist in Salesforce, or the integration user cannot see it.',
    'Give the integration user access to the object named in the message, then retry.',
  ),

  // Validation: the values do not fit.
  FIELD_CUSTOM_VALIDATION_EXCEPTION: refused(
    'A validation rule in Salesforce refuses the record.',
    'Change the record as the message says, or change the rule, then retry.',
  ),
  FIELD_FILTER_VALIDATION_EXCEPTION: refused(
    'A lookup filter in Salesforce refuses the related record.',
    'Choose a related record that the filter allows, then retry.',
  ),
  FIELD_INTEGRITY_EXCEPTION: refused(
    'The values of the record do not fit together in Salesforce.',
    'Change the field named in the message, then retry.',
  ),
  REQUIRED_FIELD_MISSING: refused(
    'Salesforce requires a field that is empty.',
    'Fill the field, or give it a default value in Salesforce, then retry.',
  ),
  STRING_TOO_LONG: refused('A text is longer than its field in Salesforce.', 'Shorten the text, then retry.'),
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: refused(
    'A value is not in its picklist in Salesforce.',
    'Add the value to the picklist, or choose another value, then retry.',
  ),
  INVALID_CROSS_REFERENCE_KEY: refused(
    'A related record (owner, person or related record) does not exist in Salesforce, or may not be used here.',
    'Choose another related record, then retry.',
  ),
  MALFORMED_ID: refused(
    'An id is not of the kind that the field expects.',
    'Choose the related record again, then retry.',
  ),
  DUPLICATES_DETECTED: refused(
    'A duplicate rule in Salesforce refuses the record.',
    'Merge the duplicates or change the rule, then retry.',
  ),
  DUPLICATE_VALUE: refused(
    'Another record in Salesforce has the same unique value.',
    'Usually settled by itself; if it stays, look at the record named in the message.',
  ),
  INACTIVE_OWNER_OR_USER: refused(
    'The owner is deactivated in Salesforce.',
    'Give the record to an active user, then retry.',
  ),
  INVALID_EMAIL_ADDRESS: refused('An e-mail address is not valid for Salesforce.', 'Correct it, then retry.'),
  NUMBER_OUTSIDE_VALID_RANGE: refused('A number is outside of what its field takes.', 'Correct it, then retry.'),

  // Intermittent: tried again with backoff.
  FAILED_WRITE: intermittent('Salesforce could not write the record this time.'),
  UNABLE_TO_LOCK_ROW: {
    category: 'intermittent',
    kind: 'concurrency',
    sentence: 'Somebody else is changing the record, or its account, at this moment.',
    advice: BY_ITSELF,
  },
  REQUEST_LIMIT_EXCEEDED: {
    category: 'intermittent',
    kind: 'limit',
    sentence: 'The Salesforce org has used up its API calls of the last 24 hours.',
    advice:
      'Sync goes on by itself as the window moves; buy more calls or find what else uses them if it happens often.',
  },
  API_BUDGET_SPENT: {
    category: 'intermittent',
    kind: 'limit',
    sentence: "The share of the Salesforce org's API calls that Command Center may use is used up for now.",
    advice:
      'Sync goes on by itself as calls of 24 hours ago leave the window; an admin can raise the share, or look in API usage at what uses it.',
  },
  CONCURRENT_REQUEST_LIMIT_EXCEEDED: {
    category: 'intermittent',
    kind: 'concurrency',
    sentence: 'Too many long calls run in the Salesforce org at once.',
    advice: BY_ITSELF,
  },
  SERVER_UNAVAILABLE: intermittent('Salesforce is overloaded or under maintenance.'),
  QUERY_TIMEOUT: intermittent('A query took longer than Salesforce allows.'),
  INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE: intermittent(
    'Salesforce is under maintenance and takes no changes.',
  ),
  TIMEOUT: intermittent('Salesforce did not answer in time.'),
  CONNECTION_RESET: intermittent('The connection to Salesforce broke off.'),
  UNREACHABLE: intermittent('Salesforce cannot be reached from here.'),
  SERVER_ERROR: intermittent('Salesforce answered with a failure of its own.'),
  UNREADABLE_ANSWER: intermittent('Salesforce answered with something that cannot be read.'),
  INCOMPLETE_RESULT: intermittent('Salesforce answered fewer records than it had announced.'),
  INVALID_QUERY_LOCATOR: intermittent('A long query was no longer open; it begins anew.'),
  TRANSACTION_ROLLED_BACK: intermittent('Salesforce undid the change because another one in the same call failed.'),
  PROCESSING_HALTED: intermittent('Salesforce stopped before this record because another one in the same call failed.'),

  SESSION_BUSY: intermittent('The session with Salesforce is being renewed.'),

  // Other.
  CANNOT_UPDATE_CONVERTED_LEAD: {
    category: 'other',
    kind: 'user',
    sentence: 'The lead was converted in Salesforce and can no longer be changed.',
    advice: 'Usually settled by itself: the contact is used instead. If it stays, choose the contact, then retry.',
  },
  ENTITY_IS_DELETED: {
    category: 'other',
    kind: 'gone',
    sentence: 'The record is deleted in Salesforce.',
    advice: 'Nothing to do: the deletion is applied here.',
  },
  NOT_FOUND: {
    category: 'other',
    kind: 'gone',
    sentence: 'The record does not exist in Salesforce.',
    advice: 'Nothing to do: the deletion is applied here.',
  },
  UNKNOWN_EXCEPTION: {
    category: 'other',
    kind: 'retry',
    sentence: 'Salesforce failed internally.',
    advice: 'It is tried again a few times; if it stays, give Salesforce support the number in the message.',
  },
  MALFORMED_QUERY: {
    category: 'other',
    kind: 'admin',
    sentence: 'Salesforce did not understand a query of ours.',
    advice: 'This is a fault of Command Center: report it with the message.',
  },
  UNEXPECTED_REDIRECT: {
    category: 'other',
    kind: 'reauthenticate',
    sentence: 'The address of the Salesforce org has moved.',
    advice: 'Connect Salesforce again if it does not settle by itself.',
  },
};

const UNKNOWN: CatalogueEntry = {
  category: 'other',
  kind: 'user',
  sentence: 'Salesforce refused the record.',
  advice: "Read Salesforce's message; change the record or the org accordingly, then retry.",
};

/** What a code means; a code that we do not know parks the record, with Salesforce's own words. */
export function explainSalesforceCode(code: string): CatalogueEntry {
  return Object.hasOwn(salesforceErrors, code) ? (salesforceErrors[code] ?? UNKNOWN) : UNKNOWN;
}

function authentication(sentence: string): CatalogueEntry {
  return { category: 'authentication', kind: 'stopped', sentence, advice: 'Connect Salesforce again.' };
}

function org(
  sentence: string,
  advice = 'Ask your Salesforce admin; sync goes on when it is on again.',
): CatalogueEntry {
  return { category: 'access_or_validation', kind: 'admin', sentence, advice };
}

function refused(sentence: string, advice: string): CatalogueEntry {
  return { category: 'access_or_validation', kind: 'user', sentence, advice };
}

function intermittent(sentence: string): CatalogueEntry {
  return { category: 'intermittent', kind: 'retry', sentence, advice: BY_ITSELF };
}
