import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/transactions.js';
import { type LaneRef, LanesRepository } from './lanes.repository.js';

/** Ends the lanes of what is no more. */
@Injectable()
export class LaneEnds {
  constructor(private readonly lanes: LanesRepository) {}

  /**
   * From this transaction's commit on, whoever works on these lanes can commit nothing more. It waits for the
   * transaction that such a worker has open. A late hint wakes such a lane once more: its handler answers `gone`.
   */
  async forget(tx: Tx, lanes: readonly LaneRef[]): Promise<void> {
    if (lanes.length > 0) await this.lanes.forget(tx, lanes);
  }
}
