// npm run drift: do the migrations make the schema that the entities describe? On a Postgres of its own.
import 'reflect-metadata';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../platform/database/data-source-options.js';
import { startPostgres } from './servers/postgres.js';

const folder = mkdtempSync(join(tmpdir(), 'command-center-drift-'));
// As root, Postgres runs as nobody, who must get through this folder to its own.
chmodSync(folder, 0o711);
const server = await startPostgres({ dataDir: join(folder, 'pg') });
try {
  const dataSource = await new DataSource(dataSourceOptions(server.url('postgres'), 2)).initialize();
  await dataSource.runMigrations();
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  await dataSource.destroy();
  for (const { query } of upQueries) process.stdout.write(`${query};\n`);
  const found = upQueries.length > 0;
  process.stdout.write(found ? 'Entities and migrations differ, see above.\n' : 'Entities and migrations agree.\n');
  process.exitCode = found ? 1 : 0;
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
