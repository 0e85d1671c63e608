import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Config } from '../../config/config.js';
import type { FieldError } from '../errors/product-error.js';
import { pingRedis } from './ping-redis.js';
import { within } from './within.js';

const TIMEOUT_MS = 3000;

/** Whether this process can do its work now. */
@Injectable()
export class Readiness {
  // Migrations only go forward: once complete, always complete for this process.
  private migrated = false;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly config: Config,
  ) {}

  /** What is missing; nothing when ready. Names no addresses: anybody may ask. */
  async missing(): Promise<FieldError[]> {
    const [postgres, redis] = await Promise.all([
      answers(() => this.dataSource.query('SELECT 1')),
      answers(() => pingRedis(this.config.get('REDIS_URL'))),
    ]);
    const found: FieldError[] = [];
    if (!postgres) found.push({ field: 'postgres', message: 'does not answer' });
    else if (!(await this.isMigrated())) found.push({ field: 'migrations', message: 'are not all applied' });
    if (!redis) found.push({ field: 'redis', message: 'does not answer' });
    return found;
  }

  private async isMigrated(): Promise<boolean> {
    this.migrated ||= await answers(async () => {
      if (await this.dataSource.showMigrations()) throw new Error('There are pending migrations.');
    });
    return this.migrated;
  }
}

async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await within(TIMEOUT_MS, ask());
    return true;
  } catch {
    return false;
  }
}
