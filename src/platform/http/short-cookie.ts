import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';

const LIFE_SECONDS = 600;

/** `__Host-` binds it to this very host (RFC 6265bis, 4.1.3.2); a browser takes that over https only. */
const nameOf = (name: string, https: boolean): string => (https ? `__Host-${name}` : name);

/** What a browser must bring back from another site within ten minutes: that it is the one that left. */
export function setShortCookie(response: Response, https: boolean, name: string, value: string): void {
  append(response, https, name, value, LIFE_SECONDS);
}

export function clearShortCookie(response: Response, https: boolean, name: string): void {
  append(response, https, name, '', 0);
}

export function shortCookieOf(request: Pick<Request, 'headers'>, https: boolean, name: string): string | undefined {
  const header = request.headers.cookie;
  return header === undefined ? undefined : parseCookie(header)[nameOf(name, https)];
}

function append(response: Response, https: boolean, name: string, value: string, maxAge: number): void {
  // Lax: it comes along when the other site sends the browser back.
  const attributes = { httpOnly: true, sameSite: 'lax', path: '/', secure: https, maxAge } as const;
  response.append('Set-Cookie', stringifySetCookie({ name: nameOf(name, https), value, ...attributes }));
}
