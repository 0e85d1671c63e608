/** A request that was answered with a refusal. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    request: string,
    readonly detail: string,
  ) {
    super(`${request} was answered with ${status}: ${detail}`);
  }
}

const TIMEOUT_MS = 120_000;

/** JSON over HTTP, as any client of the API would speak it. */
export class JsonClient {
  constructor(
    readonly base: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  get<T>(path: string): Promise<T> {
    return this.send<T>('GET', path);
  }

  send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const json = { type: 'application/json', bytes: JSON.stringify(body) };
    return this.ask<T>(method, path, body === undefined ? undefined : json);
  }

  /** A file, as it is. */
  upload<T>(path: string, bytes: Buffer): Promise<T> {
    return this.ask<T>('POST', path, { type: 'application/octet-stream', bytes: new Uint8Array(bytes) });
  }

  private async ask<T>(
    method: string,
    path: string,
    body?: { type: string; bytes: string | Uint8Array<ArrayBuffer> },
  ): Promise<T> {
    const response = await fetch(new URL(path, this.base), {
      method,
      headers: { ...this.headers, ...(body && { 'Content-Type': body.type }) },
      ...(body && { body: body.bytes }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Refused(response.status, `${method} ${path}`, sentenceOf(text));
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}

/** Our API, with a key. Edits are sent for whatever version there is: nobody else edits in a sandbox. */
export function apiClient(base: string, key: string): JsonClient {
  return new JsonClient(base, { Authorization: `Bearer ${key}`, 'If-Match': '*' });
}

function sentenceOf(text: string): string {
  try {
    const body = JSON.parse(text) as { detail?: string; errors?: unknown } | { message?: string }[];
    if (Array.isArray(body)) return body[0]?.message ?? text;
    const fields = Array.isArray(body.errors) && body.errors.length > 0 ? ` ${JSON.stringify(body.errors)}` : '';
    return body.detail ? `${body.detail}${fields}` : text;
  } catch {
    return text.slice(0, 500);
  }
}
