import type { Holds } from '../holds.js';

/**
 * The org's flows and triggers, which run inside the transaction of a write and take their time for each record: a
 * client that does not wait for them learns nothing, and the write commits all the same.
 */
export class Flows {
  perRecordMs = 0;

  constructor(private readonly holds: Holds) {}

  async run(records: number): Promise<void> {
    const ms = this.perRecordMs * records;
    if (ms > 0) await this.holds.hold(ms);
  }
}
