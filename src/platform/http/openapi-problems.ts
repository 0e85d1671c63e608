import type { OpenAPIObject } from '@nestjs/swagger';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Parameter = Extract<NonNullable<Operation['parameters']>[number], { in: string }>;

const TOO_MANY = 'Too many requests: wait for as many seconds as Retry-After says';
const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
const SCHEMA = { $ref: '#/components/schemas/ProblemDetails' };

export const IDEMPOTENCY_KEY = 'Idempotency-Key';

/** Adds to each operation the failures that its shape makes possible, so that no controller repeats them. */
export function documentProblems(document: OpenAPIObject): OpenAPIObject {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (!operation) continue;
      for (const [status, description] of problemsOf(path, method, operation)) {
        operation.responses[status] ??= { description, content: { 'application/problem+json': { schema: SCHEMA } } };
      }
    }
  }
  return document;
}

function problemsOf(path: string, method: (typeof METHODS)[number], operation: Operation): [number, string][] {
  const parameters = (operation.parameters ?? []).filter((parameter): parameter is Parameter => 'in' in parameter);
  const has = (place: string) => parameters.some((parameter) => parameter.in === place);
  const header = (wanted: string) => parameters.find(({ in: place, name }) => place === 'header' && name === wanted);
  const condition = header('If-Match');
  const idempotent = header(IDEMPOTENCY_KEY) !== undefined;
  const conditional = condition !== undefined;
  const body = operation.requestBody !== undefined;
  const possible: [boolean, number, string][] = [
    [body || idempotent || has('query'), 400, 'A field is not valid: see errors'],
    [operation.security !== undefined, 401, 'The API key is missing, wrong, revoked, or of an inactive user'],
    [operation.security !== undefined, 403, 'The role or the scope does not allow it'],
    [has('path'), 404, 'There is no such thing here'],
    [idempotent, 409, 'It does not fit the present state, or the first request with this Idempotency-Key still runs'],
    [method !== 'get', 409, 'It does not fit the present state'],
    [conditional, 412, 'Somebody changed it since the version in If-Match'],
    [body, 413, 'The body is larger than 1 MiB'],
    [body, 415, 'The body is not JSON'],
    [idempotent, 422, 'Valid, but it cannot be done, or the Idempotency-Key belongs to another request'],
    [body, 422, 'Valid, but it cannot be done'],
    [condition?.required === true, 428, 'If-Match is missing'],
    [path.startsWith('/v1/'), 429, TOO_MANY],
  ];
  return possible.flatMap(([applies, status, text]) => (applies ? [[status, text] as [number, string]] : []));
}
