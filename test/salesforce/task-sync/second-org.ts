import { bearer, type TestApp } from '../../support/app.js';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

export interface Asked {
  route: string;
  status: number;
  text: string;
}

/** Our ids in a team's rows, each once. Salesforce's own may be the same in two orgs. */
export function idsIn(rows: Record<string, string[]>): string[] {
  return [...new Set(JSON.stringify(rows).match(UUID) ?? [])];
}

/**
 * Every route of the API, asked with one key: what can be read without an id, and each route that takes an id with each
 * of these. A new route is asked too.
 */
export async function everyRoute(
  test: TestApp,
  key: string,
  ids: readonly string[],
): Promise<{ answers: Asked[]; named: Asked[] }> {
  const { body } = await test.http.get('/openapi.json').expect(200);
  const answers: Asked[] = [];
  const named: Asked[] = [];
  for (const [path, operations] of Object.entries(body.paths as Record<string, Record<string, unknown>>)) {
    // A stream has no end, and tests of its own.
    if (!path.startsWith('/v1/') || path === '/v1/events') continue;
    for (const method of METHODS.filter((verb) => verb in operations)) {
      const ask = async (url: string): Promise<Asked> => {
        const request = test.http[method](url).set(bearer(key)).set('If-Match', '*');
        const { status, text } = await (method === 'get' || method === 'delete' ? request : request.send({}));
        return { route: `${method} ${url}`, status, text };
      };
      if (path.includes('{')) for (const id of ids) named.push(await ask(path.replace(/\{\w+\}/, id)));
      else if (method === 'get') answers.push(await ask(path));
    }
  }
  return { answers, named };
}
