/** An answer ready to be sent. */
export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponse {
  if (body === undefined) return { status, headers, body: '' };
  return {
    status,
    headers: { 'Content-Type': 'application/json;charset=UTF-8', ...headers },
    body: JSON.stringify(body),
  };
}

export function html(status: number, body: string, headers: Record<string, string> = {}): HttpResponse {
  return {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'",
      'X-Content-Type-Options': 'nosniff',
      ...headers,
    },
    body,
  };
}

export function xml(status: number, body: string, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers: { 'Content-Type': 'text/xml;charset=utf-8', ...headers }, body };
}

export function redirect(location: string, headers: Record<string, string> = {}, status = 303): HttpResponse {
  return { status, headers: { Location: location, ...headers }, body: '' };
}
