export interface ProblemBody {
  title?: string;
  detail?: string;
  code?: string;
  instance?: string;
  errors?: { field: string; message: string; value?: string }[];
}

/** What the server refused, as it says it (RFC 9457), or why it could not be asked. */
export class Problem extends Error {
  private constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    detail: string,
    readonly requestId: string | undefined,
    readonly fields: readonly { field: string; message: string; value?: string }[],
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(detail);
  }

  static of(status: number, body: ProblemBody | undefined, headers: Headers): Problem {
    const { title = 'The server refused this', detail = `It answered ${status}.`, code = 'unknown' } = body ?? {};
    const seconds = Number(headers.get('Retry-After'));
    const retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
    return new Problem(status, code, title, detail, body?.instance, body?.errors ?? [], retryAfter);
  }

  static unreachable(): Problem {
    const detail = 'Check your connection. Nothing you did is lost; it is tried again when you ask.';
    return new Problem(0, 'unreachable', 'Command Center does not answer', detail, undefined, [], undefined);
  }

  /** What is wrong with one field of the input. */
  of(field: string): string | undefined {
    return this.fields.find((one) => one.field === field)?.message;
  }
}

export function sentenceOf(error: unknown): string {
  if (error instanceof Problem) return error.message;
  return 'Something broke on this page. Reload it; if it stays, tell your admin.';
}
