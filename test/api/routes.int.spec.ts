import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operations } from '../support/api-contract/document.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { pageOf, type Route, routesOf, UNDOCUMENTED } from './route-table.js';

const PAGE = `${process.cwd()}/docs/routes.md`;

describe('the table of routes', () => {
  let database: TestDatabase;
  let test: TestApp;
  let routes: Route[];

  beforeAll(async () => {
    database = await createTestDatabase();
    test = await createTestApp({ database });
    routes = routesOf(test.app);
  });
  afterAll(async () => {
    await test.close();
    await database.drop();
  });

  it('is what docs/routes.md says', () => {
    const page = pageOf(routes);
    if (process.env.WRITE_ROUTES) writeFileSync(PAGE, page);
    const committed = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '';
    const [is, was] = [page, committed].map((text) => text.split('\n'));
    const more = (is ?? []).filter((line) => !was?.includes(line)).map((line) => `+ ${line}`);
    const fewer = (was ?? []).filter((line) => !is?.includes(line)).map((line) => `- ${line}`);
    const advice =
      'Who may call a route has changed, or a route came or went. Is that meant? Then: npm run routes, and commit it.';
    const difference = page === committed ? '' : [advice, ...fewer, ...more].join('\n');
    expect(difference).toBe('');
  });

  it('has each route in openapi.json, or a reason why not', () => {
    const documented = new Set(operations.map(({ key }) => key));
    const running = routes.map(({ key }) => key);
    const advice = 'run npm run openapi after the build, or give a reason in UNDOCUMENTED (test/api/route-table.ts)';
    const unknown = running.filter((key) => !documented.has(key) && UNDOCUMENTED[key] === undefined);
    expect(unknown.map((key) => `${key} is not in openapi.json: ${advice}`)).toEqual([]);
    const gone = [...documented, ...Object.keys(UNDOCUMENTED)].filter((key) => !running.includes(key));
    expect(gone.map((key) => `${key} is no route of the application any more`)).toEqual([]);
  });
});
