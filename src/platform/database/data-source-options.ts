import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';

// A date stays the text that it is: a JavaScript Date would move it across a time zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

// src/ or dist/, whichever runs: entities and migrations are found below it by their names. We import them ourselves,
// because TypeORM does so in evaluated code, which V8 caches and Jest then runs in a test file that has ended.
const folder = join(import.meta.dirname, '..', '..');
const entities = await classesIn(/\.entity\.[jt]s$/);
const migrations = await classesIn(/^migrations[\\/][^\\/]+\.[jt]s$/);

export function dataSourceOptions(
  url: string,
  pool: number,
  driver: { connectionTimeoutMillis?: number } = {},
): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities,
    migrations,
    migrationsTransactionMode: 'each',
    synchronize: false,
    applicationName: 'command-center',
    extra: { max: pool, options: '-c timezone=UTC -c random_page_cost=1.1', ...driver },
  };
}

type Class = new () => object;

async function classesIn(pattern: RegExp): Promise<Class[]> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => pattern.test(path));
  const modules = await Promise.all(
    paths.sort().map((path) => import(pathToFileURL(join(folder, path)).href) as Promise<Record<string, unknown>>),
  );
  return modules.flatMap((exports) => Object.values(exports).filter(isClass));
}

// Entity files also export their choices of values.
function isClass(exported: unknown): exported is Class {
  return typeof exported === 'function' && /^class\b/.test(Function.prototype.toString.call(exported));
}
