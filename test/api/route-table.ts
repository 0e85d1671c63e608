import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { RequestMethod } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ACCESS, type AccessRule } from '../../src/accounts/access.js';
import { PUBLIC } from '../../src/platform/http/public.js';
import { operations } from '../support/api-contract/document.js';

/** Routes that openapi.json leaves out, and why. */
export const UNDOCUMENTED: Readonly<Record<string, string>> = {
  'GET /docs': 'The documentation itself, for people',
  'GET /docs/': 'The documentation itself, for people',
  'GET /docs/index.html': 'The documentation itself, for people',
  'GET /docs/LICENSE': 'Of the program that shows the documentation',
  'GET /docs/swagger-ui-init.js': 'A script of the documentation',
  'GET /docs/docs/swagger-ui-init.js': 'A script of the documentation',
  'GET /openapi.json': 'The documentation itself, for programs',
  'GET /c/{token}': 'A file that was sent as a link, for whoever got the email',
  'GET /v1/mail-accounts/callback': 'Where Google or Microsoft send a browser back to: a page for a person',
  'GET /u/{token}': 'The page where a person who got an email unsubscribes; it asks only',
  'POST /u/{token}': 'Unsubscribes whoever has the link: from that page, or the one click of a mail program (RFC 8058)',
  'ALL {/*splat}': 'No route: middleware of a module (the log), which lets all pass',
};

export interface Route {
  /** `GET /v1/tasks/{id}` */
  key: string;
  caller: 'public' | 'member' | 'admin';
  scope: string;
  what: string;
}

// More than anybody names one by one: the route is for all.
const MANY = 8;

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
}

/** Every route that the running application answers, whoever put it there. */
export function routesOf(app: NestExpressApplication): Route[] {
  const rules = rulesOf(app);
  const { stack } = (app.getHttpAdapter().getInstance() as { router: { stack: Layer[] } }).router;
  const keys = stack.flatMap(({ route }) =>
    route ? methodsOf(route.methods).map((method) => keyOf(method.toUpperCase(), route.path)) : [],
  );
  return [...new Set(keys)].sort(byPath).map((key) => {
    const rule = rules.get(key) ?? 'public';
    const what = operations.find((operation) => operation.key === key)?.summary ?? UNDOCUMENTED[key] ?? '';
    if (rule === 'public') return { key, caller: 'public', scope: '', what };
    return { key, caller: rule.role, scope: rule.scope, what };
  });
}

function methodsOf(methods: Record<string, boolean>): string[] {
  const names = Object.keys(methods);
  return names.length > MANY ? ['all'] : names;
}

/** What each controller's method says of who may call it. A route of no controller is open: nothing guards it. */
function rulesOf(app: NestExpressApplication): Map<string, AccessRule | 'public'> {
  const rules = new Map<string, AccessRule | 'public'>();
  for (const { controllers } of app.get(ModulesContainer).values()) {
    for (const { metatype } of controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const prototype = metatype.prototype as Record<string, object>;
      const [prefix = ''] = textsOf(PATH_METADATA, metatype);
      for (const name of new MetadataScanner().getAllMethodNames(prototype)) {
        const method = prototype[name];
        if (method === undefined || !Reflect.hasMetadata(PATH_METADATA, method)) continue;
        const verb = RequestMethod[Reflect.getMetadata(METHOD_METADATA, method) as number] ?? '';
        for (const path of textsOf(PATH_METADATA, method)) {
          rules.set(keyOf(verb, `/${prefix}/${path}`), ruleOf(method) ?? ruleOf(metatype) ?? 'public');
        }
      }
    }
  }
  return rules;
}

function ruleOf(target: object): AccessRule | 'public' | undefined {
  if (Reflect.hasMetadata(PUBLIC, target)) return 'public';
  return Reflect.getMetadata(ACCESS, target) as AccessRule | undefined;
}

function textsOf(key: string, target: object): string[] {
  return [Reflect.getMetadata(key, target) as string | string[]].flat();
}

function keyOf(method: string, path: string): string {
  const plain = path.startsWith('/docs') ? path : path.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1');
  return `${method} ${plain.replaceAll(/:(\w+)/g, '{$1}')}`;
}

function byPath(a: string, b: string): number {
  const [first, second] = [a, b].map((key) => key.split(' ').reverse().join(' '));
  return String(first) < String(second) ? -1 : 1;
}

/** docs/routes.md. */
export function pageOf(routes: readonly Route[]): string {
  const lines = routes.map(({ key, caller, scope, what }) => {
    const [method = '', path = ''] = key.split(' ');
    return `| ${method} | \`${path}\` | ${caller} | ${scope} | ${what.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')} |`;
  });
  return `${HEAD}\n${lines.join('\n')}\n`;
}

const HEAD = `# Routes

Every route of the running application and who may call it. Made by \`npm run routes\`; a test fails while it is not current.
An admin may whatever a member may. The scope is what a key of the team needs; a user's key and a signed-in person have all
scopes of their role. \`openapi.json\` says what each route takes and answers.

<!-- prettier-ignore -->
| Method | Path | Who | Scope | What |
| --- | --- | --- | --- | --- |`;
