/** Why this process cannot start, in one line that says what to look at. */
export class StartError extends Error {
  static unreachable(what: string, variable: string, url: string, cause: unknown): StartError {
    const where = URL.parse(url)?.host || 'an address that is none';
    return new StartError(`${what} at ${where} cannot be used: ${reasonOf(cause)}. Check ${variable}.`, { cause });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error && error.message ? error.message.split('\n', 1).join() : String(error);
}
