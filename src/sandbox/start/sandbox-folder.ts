import { join, resolve } from 'node:path';

/** Where the sandbox of this checkout keeps everything. */
export const SANDBOX_FOLDER = resolve(import.meta.dirname, '..', '..', '..', '.sandbox');

/** Where Redis is unpacked when the system has none. */
export const REDIS_FOLDER = join(SANDBOX_FOLDER, 'redis');

/** What the programs of the last `--once` said. */
export const ONCE_LOGS = join(SANDBOX_FOLDER, 'once-logs');
