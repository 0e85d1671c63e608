import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transactions.js';
import { type Aside, type Place, SetAside } from '../../platform/set-aside/set-aside.js';

const RECORDS: Aside = {
  table: 'person_salesforce_records',
  key: 'salesforce_id',
  parent: { table: 'people', column: 'person_id' },
};

/** Which records of a Salesforce org people are: they hold while the team has that org. */
@Injectable()
export class PersonRecordsAside {
  constructor(private readonly aside: SetAside) {}

  async take(tx: Tx, place: Place): Promise<void> {
    await this.aside.take(tx, place, RECORDS);
  }

  async bringBack(tx: Tx, place: Place): Promise<void> {
    await this.aside.bringBack(tx, place, RECORDS);
  }

  /** Those that wait for the team to come back to an org. */
  async move(tx: Tx, teamId: string, from: string, to: string): Promise<void> {
    await this.aside.moveParent(tx, teamId, RECORDS, from, to);
  }

  /** Nothing of these people comes back. */
  async forget(tx: Tx, teamId: string, personIds: readonly string[]): Promise<void> {
    await this.aside.forgetParents(tx, teamId, RECORDS, personIds);
  }
}
