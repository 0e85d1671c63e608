import type { Answer, Call } from './call.js';
import { ApiError, notFound } from './errors.js';
import type { Strike } from './faults.js';
import type { HttpRequest } from './http/request.js';
import { parseJson } from './http/request.js';
import { json } from './http/response.js';
import type { HttpResponse } from './http/response.js';
import type { SessionUser } from './oauth/sessions.js';
import type { Org } from './org.js';
import { kindOf, serve } from './resources.js';

const FIRST_VERSION = 31;
const LAST_VERSION = 68;

/** The versions of the API, as `/services/data` lists them to anyone. */
export function versions(): unknown {
  const seasons = ['Winter', 'Spring', 'Summer'];
  return Array.from({ length: LAST_VERSION - FIRST_VERSION + 1 }, (_, i) => {
    const version = FIRST_VERSION + i;
    // v31.0 was Summer '14; three a year since.
    const year = 14 + Math.floor((i + 2) / 3);
    return {
      label: `${seasons[(i + 2) % 3] ?? ''} '${year}`,
      url: `/services/data/v${version}.0`,
      version: `${version}.0`,
    };
  });
}

export async function handleRest(org: Org, request: HttpRequest, strikes: Strike[]): Promise<HttpResponse> {
  const match = /^\/services\/data\/(v(\d+)\.0)(?:\/(.*))?$/.exec(request.url.pathname);
  const number = Number(match?.[2]);
  const path = (match?.[3] ?? '')
    .split('/')
    .filter((s) => s !== '')
    .map(decodePart);
  const headers = (): Record<string, string> => ({ 'Sforce-Limit-Info': org.usage.header() });
  try {
    if (!match || number < FIRST_VERSION || number > LAST_VERSION) throw notFound();
    const user = await authenticate(org, request, strikes);
    refuseOverLimit(org, strikes);
    org.usage.count(kindOf(request.method, path));
    const call: Call = {
      org,
      db: org.pool,
      user,
      version: match[1] ?? '',
      // Clients that cannot send PATCH say so.
      method: request.url.searchParams.get('_HttpMethod') ?? request.method,
      path,
      query: request.url.searchParams,
      headers: request.headers,
      body: parseJson(request.body),
      strikes,
    };
    return toResponse(await serve(call), headers());
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return json(error.status, error.body(), headers());
  }
}

export async function authenticate(org: Org, request: HttpRequest, strikes: Strike[]): Promise<SessionUser> {
  const header = request.headers['authorization'] ?? '';
  const token = /^(?:Bearer|OAuth) (.+)$/i.exec(header)?.[1] ?? request.url.searchParams.get('oauth_token') ?? '';
  return userOfToken(org, token, strikes);
}

export async function userOfToken(org: Org, token: string, strikes: Strike[]): Promise<SessionUser> {
  if (strikes.some((s) => s.effect.expireSession)) await org.sessions.expire(token);
  const user = await org.sessions.userOf(token);
  if (user && !strikes.some((s) => s.effect.refuseSession)) return user;
  throw new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
}

export function refuseOverLimit(org: Org, strikes: Strike[]): void {
  const asked = strikes.map((s) => s.effect.limit);
  if (asked.includes('concurrent')) {
    throw new ApiError(403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.');
  }
  if (asked.includes('daily') || org.usage.exhausted()) {
    throw new ApiError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
  }
}

function toResponse(answer: Answer, headers: Record<string, string>): HttpResponse {
  return json(answer.status, answer.body, { ...headers, ...answer.headers });
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ApiError(400, 'INVALID_URL', 'The URL could not be read');
  }
}
