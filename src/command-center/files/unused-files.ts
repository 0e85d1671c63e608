import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Periodic } from '../../platform/clock/periodic.js';
import { Transactions } from '../../platform/database/transactions.js';
import { FileHolders } from './file-holders.js';

/** So long nothing need name a file. */
export const UNUSED_MS = 24 * 3_600_000;
const EVERY_MS = 3_600_000;
const BATCH = 100;

/** Removes files that nothing names a day after they came, in each process: whoever comes second finds nothing. */
@Injectable()
export class UnusedFiles implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(UnusedFiles.name);
  private readonly upkeep = new Periodic(
    EVERY_MS,
    () => this.remove(),
    (error) => this.logger.warn({ err: error }, 'unused files were not removed; later again'),
  );

  constructor(
    private readonly transactions: Transactions,
    private readonly holders: FileHolders,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.upkeep.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.upkeep.stop();
  }

  /** One that is being named at this moment is held, and left alone. */
  async remove(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - UNUSED_MS);
    const sql = `DELETE FROM files WHERE (team_id, id) IN (
        SELECT f.team_id, f.id FROM files f WHERE f.created_at < $1 AND ${this.holders.unnamedSql('f')}
        ORDER BY f.created_at, f.id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
      RETURNING id`;
    for (let removed = BATCH; removed === BATCH && !this.upkeep.stopped;) {
      removed = (await this.transactions.query(sql, [before])).length;
    }
  }
}
