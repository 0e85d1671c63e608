import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { AppModule } from '../../../src/app.module.js';
import { Config } from '../../../src/config/config.js';
import { ENCRYPTION_KEYS, type Team } from './team.js';

export interface ProductInput {
  databaseUrl: string;
  redisUrl: string;
  orgUrl: string;
  team: Team;
}

/**
 * The product as a worker has it, without the HTTP server. Its work is started by the benchmark (ROLE=api takes no
 * jobs) unless the queue belongs to what is measured, so that what is measured is the work and not the queue's pauses.
 */
export async function startProduct(
  input: ProductInput,
  role: 'api' | 'worker' = 'api',
): Promise<INestApplicationContext> {
  const config = Config.fromEnvironment({
    NODE_ENV: 'test',
    ROLE: role,
    DATABASE_URL: input.databaseUrl,
    REDIS_URL: input.redisUrl,
    REDIS_PREFIX: `bench-${process.pid}`,
    ENCRYPTION_KEYS,
    SALESFORCE_LOGIN_HOSTS: input.orgUrl,
    LOG_LEVEL: 'error',
  });
  return NestFactory.createApplicationContext(AppModule.with(config), { logger: ['error', 'warn'] });
}

/** Longer than any benchmark: whoever watches it decides when it hangs. */
export const DRAIN_MS = 6 * 3_600_000;
