import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';

const NAME = 'cc_session';

/** `__Host-` binds it to this very host (RFC 6265bis, 4.1.3.2); a browser takes that over https only. */
export function sessionCookieName(https: boolean): string {
  return https ? `__Host-${NAME}` : NAME;
}

export function sessionTokenOf(request: Pick<Request, 'headers'>, https: boolean): string | undefined {
  const header = request.headers.cookie;
  return header === undefined ? undefined : parseCookie(header)[sessionCookieName(https)];
}

export function setSessionCookie(response: Response, https: boolean, token: string, expiresAt: Date): void {
  append(response, https, token, expiresAt);
}

export function clearSessionCookie(response: Response, https: boolean): void {
  append(response, https, '', new Date(0));
}

function append(response: Response, https: boolean, value: string, expires: Date): void {
  const attributes = { httpOnly: true, sameSite: 'lax', path: '/', secure: https, expires } as const;
  response.append('Set-Cookie', stringifySetCookie({ name: sessionCookieName(https), value, ...attributes }));
}
