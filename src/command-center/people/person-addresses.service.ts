import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import type { PersonView } from './people.dto.js';
import { PeopleService } from './people.service.js';
import { ErasedUnsubscribes } from './erase/erased-unsubscribes.js';
import { claimAddress, releaseAddress } from './person-addresses.js';
import { PersonGuard } from './person-guard.js';
import { Unsubscribes } from './unsubscribes.js';

const MOST = 50;

/** The addresses of a person besides the main one. */
@Injectable()
export class PersonAddressesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly guard: PersonGuard,
    private readonly unsubscribes: Unsubscribes,
    private readonly erased: ErasedUnsubscribes,
    private readonly clock: Clock,
  ) {}

  /** Adding one that the person has, the main one or another, changes nothing. */
  async add(principal: Principal, id: string, email: string): Promise<PersonView> {
    const { teamId, actor } = principal;
    await this.transactions.run(async (tx) => {
      const { row } = await this.guard.holdEditable(tx, principal, id);
      if (row.email === email || row.otherAddresses.includes(email)) return;
      if (row.otherAddresses.length >= MOST) {
        throw new ProductError('conflict', `A person has at most ${MOST} other addresses.`);
      }
      await claimAddress(tx, teamId, id, email, 'other');
      await this.erased.recall(tx, teamId, [email]);
      await this.guard.changed(tx, principal, row, ['other_addresses']);
      const reason = 'One of their addresses was unsubscribed';
      const wish = { source: 'manual' as const, reason, actor, emailId: null, at: this.clock.now() };
      await this.unsubscribes.spread(tx, teamId, id, wish);
    });
    return this.people.get(principal, id);
  }

  async remove(principal: Principal, id: string, email: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const { row } = await this.guard.holdEditable(tx, principal, id);
      if (row.email === email)
        throw new ProductError('conflict', 'This is the main address: it is changed as `email`.');
      requireTheirs(row, email);
      await releaseAddress(tx, principal.teamId, id, email);
      await this.guard.changed(tx, principal, row, ['other_addresses']);
    });
  }

  /** The one before becomes another address. */
  async makeMain(principal: Principal, id: string, email: string): Promise<PersonView> {
    await this.transactions.run(async (tx) => {
      const { row } = await this.guard.holdEditable(tx, principal, id);
      if (row.email === email) return;
      requireTheirs(row, email);
      await this.swap(tx, principal.teamId, id, email);
      await this.guard.changed(tx, principal, row, ['email', 'other_addresses']);
    });
    return this.people.get(principal, id);
  }

  private async swap(tx: Tx, teamId: string, id: string, email: string): Promise<void> {
    await tx.query('UPDATE person_addresses SET main = (email = $3) WHERE team_id = $1 AND person_id = $2', [
      ...[teamId, id, email],
    ]);
    await tx.query('UPDATE people SET email = $3 WHERE team_id = $1 AND id = $2', [teamId, id, email]);
  }
}

function requireTheirs({ otherAddresses }: { otherAddresses: readonly string[] }, email: string): void {
  if (otherAddresses.includes(email)) return;
  throw new ProductError('not_found', 'The person has no such address.');
}
