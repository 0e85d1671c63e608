import { readFileSync } from 'node:fs';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Config } from '../../config/config.js';
import { MetricsRegistry } from './metrics-registry.js';

/** The part of pg's pool that is counted. */
interface Pool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

/** What this process is, and its connections to Postgres. */
@Injectable()
export class ProcessMetrics implements OnModuleInit {
  constructor(
    private readonly metrics: MetricsRegistry,
    private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {}

  onModuleInit(): void {
    this.metrics
      .gauge('build_info', 'Always 1: which version runs, in which role', ['version', 'node', 'role'])
      .set({ version: packageVersion(), node: process.version, role: this.config.get('ROLE') }, 1);
    this.metrics
      .gauge('postgres_pool_size', 'Connections that this process may have: DATABASE_POOL')
      .set(this.config.get('DATABASE_POOL'));
    const pool = this.metrics.gauge(
      'postgres_pool',
      'Connections of this process to Postgres (busy, idle) and requests that wait for one (waiting)',
      ['state'],
    );
    this.metrics.collector('postgres_pool', () => {
      const { totalCount, idleCount, waitingCount } = this.pool();
      pool.set({ state: 'busy' }, totalCount - idleCount);
      pool.set({ state: 'idle' }, idleCount);
      pool.set({ state: 'waiting' }, waitingCount);
    });
  }

  private pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }
}

function packageVersion(): string {
  const path = `${import.meta.dirname}/../../../package.json`;
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
