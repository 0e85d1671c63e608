import type { Config } from '../../config/config.js';
import { migrate } from '../database/migrate.js';
import { withPostgres } from '../database/with-postgres.js';
import { StartError } from '../errors/start-error.js';
import { pingRedis } from './ping-redis.js';

/** Postgres, with its migrations where that is asked for, and Redis: or the one line that says what is missing. */
export async function requireServers(config: Config): Promise<void> {
  await withPostgres(config, async (dataSource) => {
    if (config.get('MIGRATE_ON_START')) await migrate(dataSource);
  });
  try {
    await pingRedis(config.get('REDIS_URL'));
  } catch (error) {
    throw StartError.unreachable('Redis', 'REDIS_URL', config.get('REDIS_URL'), error);
  }
}
