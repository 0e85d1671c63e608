import { DataSource } from 'typeorm';
import type { Config } from '../../config/config.js';
import { StartError } from '../errors/start-error.js';
import { dataSourceOptions } from './data-source-options.js';

const CONNECT_TIMEOUT_MS = 10_000;
// migrate() holds its lock on one and works on the other.
const CONNECTIONS = 2;

/** Does something on a short-lived connection; says in one line when Postgres is not there. */
export async function withPostgres(config: Config, work: (dataSource: DataSource) => Promise<void>): Promise<void> {
  const url = config.get('DATABASE_URL');
  const dataSource = new DataSource(
    dataSourceOptions(url, CONNECTIONS, { connectionTimeoutMillis: CONNECT_TIMEOUT_MS }),
  );
  try {
    await dataSource.initialize();
  } catch (error) {
    throw StartError.unreachable('Postgres', 'DATABASE_URL', url, error);
  }
  try {
    await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
