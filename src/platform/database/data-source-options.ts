import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';

// A date stays the text that it is: a JavaScript Date would move it across a time zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/** `folder` is src/ or dist/, whichever runs: entities and migrations are found below it by their names. */
export function dataSourceOptions(url: string, pool: number): DataSourceOptions {
  const folder = `${import.meta.dirname}/../..`;
  return {
    type: 'postgres',
    url,
    entities: [`${folder}/**/*.entity.{ts,js}`],
    migrations: [`${folder}/migrations/*.{ts,js}`],
    migrationsTransactionMode: 'each',
    synchronize: false,
    applicationName: 'command-center',
    extra: { max: pool, options: '-c timezone=UTC' },
  };
}
