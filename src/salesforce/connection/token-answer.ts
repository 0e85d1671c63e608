import { SalesforceError } from '../client/errors.js';
import { type HttpAnswer, TransportError } from '../client/http.js';
import { isSalesforceId, to18 } from '../client/ids.js';

/** What the token endpoint gives for a code or a refresh token. */
export interface Tokens {
  accessToken: string;
  /** A new one, where rotation is on. */
  refreshToken: string | undefined;
  instanceUrl: string;
  /** 18 characters, as are all ids. */
  orgId: string;
  userId: string;
}

/** Pure: the token endpoint's answer, or why there is none. Nothing that is thrown holds a token. */
export function readTokenAnswer(answer: HttpAnswer, flow: 'web' | 'jwt' = 'web'): Tokens {
  const body = jsonOf(answer.body);
  if (answer.statusCode !== 200)
    throw (flow === 'jwt' ? refusedAssertion(body) : undefined) ?? refusal(answer.statusCode, body);
  const { access_token: accessToken, refresh_token: refreshToken, instance_url: instanceUrl, id } = body;
  const [, orgId, userId] = /\/id\/(\w+)\/(\w+)$/.exec(typeof id === 'string' ? id : '') ?? [];
  const complete = isText(accessToken) && isText(instanceUrl) && isId(orgId) && isId(userId);
  if (!complete) throw unreadable('Salesforce gave tokens without saying for whom or where.');
  return {
    accessToken,
    refreshToken: isText(refreshToken) ? refreshToken : undefined,
    instanceUrl,
    orgId: to18(orgId),
    userId: to18(userId),
  };
}

/** What the token endpoint gives for the code of somebody who signs in. */
export interface SignInTokens {
  accessToken: string;
  /** Not verified yet. */
  idToken: string;
}

/** Pure, as readTokenAnswer. */
export function readSignInAnswer(answer: HttpAnswer): SignInTokens {
  const body = jsonOf(answer.body);
  if (answer.statusCode !== 200) throw refusal(answer.statusCode, body);
  const { access_token: accessToken, id_token: idToken } = body;
  if (isText(accessToken) && isText(idToken)) return { accessToken, idToken };
  const message = 'Salesforce does not say who signed in: add the scope openid to the External Client App';
  throw new SalesforceError({ code: 'CLIENT_REFUSED', message, kind: 'admin' });
}

/** Pure: the claims about a person. */
export function readUserInfo(answer: HttpAnswer): Record<string, unknown> {
  const body = jsonOf(answer.body);
  if (answer.statusCode !== 200) throw refusal(answer.statusCode, body);
  return body;
}

/** A token call without a complete answer. After a rotation the new token may be lost with it. */
export function tokenCallFailed(error: unknown): SalesforceError {
  if (!(error instanceof TransportError)) throw error;
  return new SalesforceError({ code: error.code, message: error.message, kind: 'retry', doubtful: error.sent });
}

// https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_flow_errors.htm
const STOPS: Readonly<Record<string, string>> = {
  invalid_grant: 'INVALID_GRANT',
  inactive_user: 'INACTIVE_USER',
  inactive_org: 'INACTIVE_ORGANIZATION',
  access_denied: 'EXPIRED_ACCESS',
  invalid_app_access: 'OAUTH_APP_ACCESS_DENIED',
};

/** Of `invalid_grant`, what Salesforce says in words of an assertion. */
const GRANT_WORDS: readonly (readonly [RegExp, string])[] = [
  [/audience/i, 'JWT_AUDIENCE_INVALID'],
  [/assertion|signature|not valid yet|token.*expired|expired.*token/i, 'JWT_ASSERTION_INVALID'],
];

/** Nothing is lost with an assertion: what an admin mends is tried again, and no connection stops for it. */
function refusedAssertion(body: Record<string, unknown>): SalesforceError | undefined {
  const { error: name, error_description: words } = body;
  if (name !== 'invalid_grant' || !isText(words)) return undefined;
  const [, code] = GRANT_WORDS.find(([pattern]) => pattern.test(words)) ?? [];
  return code === undefined ? undefined : new SalesforceError({ code, message: `${name}: ${words}`, kind: 'admin' });
}

const NOT_APPROVED = /admin approved|approved this consumer/i;

function stopOf(name: string, words: string): string | undefined {
  return NOT_APPROVED.test(words) ? 'OAUTH_APP_ACCESS_DENIED' : STOPS[name];
}

function refusal(status: number, body: Record<string, unknown>): SalesforceError {
  const name = isText(body['error']) ? body['error'] : `HTTP ${status}`;
  const words = isText(body['error_description']) ? body['error_description'] : 'no reason given';
  const message = `${name}: ${words}`;
  const stop = stopOf(name, words);
  if (stop !== undefined) return new SalesforceError({ code: stop, message, kind: 'stopped', status });
  if (status >= 500 || status === 429 || /rate/i.test(`${name} ${words}`)) {
    return new SalesforceError({ code: 'SERVER_UNAVAILABLE', message, kind: 'retry', status });
  }
  // invalid_client and its like: our own settings are wrong, the tokens are not.
  return new SalesforceError({ code: 'CLIENT_REFUSED', message, kind: 'admin', status });
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function unreadable(message: string): SalesforceError {
  return new SalesforceError({ code: 'UNREADABLE_ANSWER', message, kind: 'retry', doubtful: true });
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isId = (value: string | undefined): value is string => value !== undefined && isSalesforceId(value);
