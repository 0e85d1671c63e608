import { createHash } from 'node:crypto';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { Config } from '../../config/config.js';
import { ProductError } from '../errors/product-error.js';

export interface Limit {
  /** How often within the window; 0: without limit. */
  points: number;
  /** Length of the window, which begins with the first use. */
  durationSeconds: number;
}

/** Where the caller stands after this use. */
export interface Allowance {
  remaining: number;
  /** When the window ends and all points are back. */
  resetSeconds: number;
}

interface Limiters {
  shared: RateLimiterRedis;
  own: RateLimiterMemory;
}

const ANSWERS_WITHIN_MS = 1000;
const REST_MS = 2000;

/**
 * Counts uses of something by somebody, for all processes together, in Redis. While Redis is away each process counts
 * for itself: nobody is kept out, and guessing passwords does not become free.
 */
@Injectable()
export class RateLimits implements OnApplicationShutdown {
  private readonly logger = new Logger('RateLimits');
  private readonly limiters = new Map<string, Limiters>();
  private client: Redis | undefined;
  /** Of performance.now(): until then Redis is not asked, so that a hanging one does not slow down every request. */
  private awayUntil = -Infinity;
  private away = false;

  constructor(private readonly config: Config) {}

  /**
   * Uses one point of `key` for what `name` says. Throws `too_many_requests`, with the seconds to wait, when there is
   * none left. The key may be personal (an email address): Redis holds its hash only.
   */
  async take(name: string, key: string, limit: Limit): Promise<Allowance | undefined> {
    if (limit.points <= 0) return undefined;
    const limiters = this.limitersOf(name, limit);
    try {
      const { remainingPoints, msBeforeNext } = await this.consume(limiters, hashOf(key));
      return { remaining: remainingPoints, resetSeconds: secondsOf(msBeforeNext) };
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      throw tooManyRequests(secondsOf(refused.msBeforeNext));
    }
  }

  /** Gives one point back: what it was taken for turned out to be harmless. */
  async giveBack(name: string, key: string, limit: Limit): Promise<void> {
    if (limit.points <= 0) return;
    const { shared, own } = this.limitersOf(name, limit);
    try {
      await (performance.now() < this.awayUntil ? own : shared).reward(hashOf(key));
    } catch (error) {
      this.noteAway(error);
    }
  }

  /** Gives all points back, for instance after a sign-in that went well. */
  async forget(name: string, key: string): Promise<void> {
    for (const [id, { own }] of this.limiters) {
      if (id.startsWith(`${name} `)) await own.delete(hashOf(key));
    }
    try {
      await this.redis().del(`${this.prefixOf(name)}:${hashOf(key)}`);
    } catch (error) {
      this.noteAway(error);
    }
  }

  onApplicationShutdown(): void {
    this.client?.disconnect();
  }

  private async consume({ shared, own }: Limiters, key: string): Promise<RateLimiterRes> {
    if (performance.now() < this.awayUntil) return own.consume(key);
    try {
      const taken = await shared.consume(key);
      this.noteBack();
      return taken;
    } catch (error) {
      if (error instanceof RateLimiterRes) throw error;
      this.noteAway(error);
      return own.consume(key);
    }
  }

  private limitersOf(name: string, { points, durationSeconds: duration }: Limit): Limiters {
    const id = `${name} ${points}/${duration}`;
    let limiters = this.limiters.get(id);
    if (!limiters) {
      const options = { points, duration, keyPrefix: this.prefixOf(name) };
      const shared = new RateLimiterRedis({ ...options, storeClient: this.redis() });
      this.limiters.set(id, (limiters = { shared, own: new RateLimiterMemory(options) }));
    }
    return limiters;
  }

  private prefixOf(name: string): string {
    return `${this.config.get('REDIS_PREFIX')}:limit:${name}`;
  }

  /** A connection of its own: it fails fast, while a queue's waits for Redis to come back. */
  private redis(): Redis {
    if (this.client) return this.client;
    const client = new Redis(this.config.get('REDIS_URL'), {
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      commandTimeout: ANSWERS_WITHIN_MS,
      disconnectTimeout: 200,
      retryStrategy: (times) => Math.min(times * 50, 500),
    });
    client.on('error', (error: Error) => this.noteAway(error));
    return (this.client = client);
  }

  private noteAway(error: unknown): void {
    this.awayUntil = performance.now() + REST_MS;
    if (this.away) return;
    this.away = true;
    this.logger.warn({ err: error }, 'Redis does not answer; until it does each process counts requests for itself');
  }

  private noteBack(): void {
    if (this.away) this.logger.log('Redis answers again; requests are counted for all processes together');
    this.away = false;
  }
}

function tooManyRequests(retryAfterSeconds: number): ProductError {
  const detail = `Too many requests. Try again in ${retryAfterSeconds} s.`;
  return new ProductError('too_many_requests', detail, [], { retryAfterSeconds });
}

function secondsOf(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
