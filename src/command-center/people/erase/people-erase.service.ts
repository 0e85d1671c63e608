import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../accounts/access.js';
import { Audit } from '../../../accounts/audit/audit.js';
import { Clock } from '../../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../../platform/database/transactions.js';
import { ProductError } from '../../../platform/errors/product-error.js';
import { invalidInput } from '../../../platform/http/validation.js';
import { PeopleImports } from '../imports/people-imports.repository.js';
import { PersonHoldings } from '../person-holdings.js';
import { PersonRecordsAside } from '../person-records-aside.js';
import { ErasedUnsubscribes } from './erased-unsubscribes.js';
import { emptyPeople, eraseOwnRows, findErasable, holdAllOf, recordsOfAll } from './erased-rows.js';
import type { Erasure } from './people-erase.dto.js';

/** Takes everything of a person away, in one transaction; what is left is counts, and an empty row for who refers to it. */
@Injectable()
export class PeopleEraseService {
  constructor(
    private readonly transactions: Transactions,
    private readonly holdings: PersonHoldings,
    private readonly imports: PeopleImports,
    private readonly aside: PersonRecordsAside,
    private readonly unsubscribes: ErasedUnsubscribes,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async erase({ teamId, actor }: Principal, id: string, confirm: string): Promise<Erasure> {
    return this.transactions.run(async (tx) => {
      // Before the people, as an import that runs holds them: it makes nobody anew of a row that was read before.
      await this.imports.holdAll(tx, teamId);
      const person = await findErasable(tx, teamId, id);
      if (!person) throw new ProductError('not_found', 'There is no such person.');
      const given = confirm.toLowerCase();
      if (given !== person.name.toLowerCase() && !person.emails.includes(given)) {
        throw invalidInput([{ field: 'confirm', message: 'must be the name or an address of the person' }]);
      }
      const { ids, emails } = await holdAllOf(tx, teamId, id, person.emails);
      for (const one of ids) await this.holdings.erase(tx, teamId, one);
      const records = await recordsOfAll(tx, teamId, ids);
      await this.aside.forget(tx, teamId, ids);
      const erasure = {
        ...(await eraseOwnRows(tx, teamId, ids)),
        import_rows: await this.imports.emptyRows(tx, teamId, { ids, emails, records }),
      };
      // After their addresses went: what is somebody's still is told by these.
      await this.unsubscribes.hide(tx, teamId, emails);
      await this.record(tx, { teamId, actor }, id, ids, erasure);
      return erasure;
    });
  }

  /** Reasons are what somebody wrote about the person: they leave the log with them. */
  private async record(
    tx: Tx,
    { teamId, actor }: Pick<Principal, 'teamId' | 'actor'>,
    id: string,
    ids: readonly string[],
    erasure: Erasure,
  ): Promise<void> {
    await emptyPeople(tx, teamId, ids, this.clock.now());
    await this.audit.forgetReasons(tx, teamId, 'person', ids);
    const target = { type: 'person', id };
    await this.audit.record(tx, { teamId, actor, action: 'person.erased', target, details: { ...erasure } });
  }
}
