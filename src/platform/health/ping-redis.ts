import { Redis } from 'ioredis';
import { within } from './within.js';

const TIMEOUT_MS = 3000;

/** Rejects with the reason when Redis does not answer. A connection of its own: a queue's may be busy reconnecting. */
export async function pingRedis(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  let reason: Error | undefined;
  // ioredis itself rejects with no more than that the connection is closed.
  redis.on('error', (error: Error) => (reason = error));
  try {
    await within(TIMEOUT_MS, redis.ping());
  } catch (error) {
    throw reason ?? error;
  } finally {
    // On a connection that has ended it would leave a timer behind.
    if (redis.status !== 'end') redis.disconnect();
  }
}
