// Two people turn out to be one. One transaction: both are locked, in the order of their ids; what the one has goes to
// the other, room by room; the one stays as a deleted row that says who they are, so that the same asked again is done.

import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../accounts/access.js';
import { Clock } from '../../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../../platform/database/transactions.js';
import { invalidInput } from '../../../platform/http/validation.js';
import { authorizationsOf, authorize } from '../authorization/person-authorizations.js';
import type { PersonView } from '../people.dto.js';
import type { PersonRow } from '../people-queries.repository.js';
import { PeopleService } from '../people.service.js';
import { DETAIL_COLUMNS, detailParameters, detailValues } from '../person-details.js';
import { PersonGuard } from '../person-guard.js';
import { PersonHoldings } from '../person-holdings.js';
import { PersonRecordsAside } from '../person-records-aside.js';
import { Unsubscribes } from '../unsubscribes.js';
import { mergedValues } from './merged-values.js';
import { moveAddresses, moveOwnRows } from './moved-rows.js';

@Injectable()
export class PeopleMergeService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly guard: PersonGuard,
    private readonly holdings: PersonHoldings,
    private readonly aside: PersonRecordsAside,
    private readonly unsubscribes: Unsubscribes,
    private readonly clock: Clock,
  ) {}

  /** `from` goes, `id` stays. */
  async merge(principal: Principal, id: string, from: string): Promise<PersonView> {
    if (id === from) throw invalidInput([{ field: 'person_id', message: 'is the same person' }]);
    await this.transactions.run(async (tx) => {
      const merged = await this.lock(tx, principal.teamId, [id, from]);
      const { row: winner } = await this.guard.require(tx, principal, id, ['edit', 'own']);
      if (merged.get(from) === id) return;
      const loser = await this.requireLoser(tx, principal, from);
      await this.unite(tx, principal, winner, loser);
      await this.guard.tell(tx, principal, loser, 'person.merged', { into: id });
      await this.guard.tell(tx, principal, winner, 'person.merged', { from });
    });
    return this.people.get(principal, id);
  }

  /** Whole locks: whoever is about to refer to one of them (a new task, say) has done so, or waits. */
  private async lock(tx: Tx, teamId: string, ids: readonly string[]): Promise<Map<string, string | null>> {
    const rows = await tx.query<{ id: string; into: string | null }>(
      'SELECT id, merged_into AS into FROM people WHERE team_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE',
      [teamId, ids],
    );
    return new Map(rows.map(({ id, into }) => [id, into]));
  }

  private async requireLoser(tx: Tx, principal: Principal, id: string): Promise<PersonRow> {
    if ((await this.guard.accessTo(tx, principal, id)) === 'none') {
      throw invalidInput([{ field: 'person_id', message: 'is nobody that you can see' }]);
    }
    return (await this.guard.require(tx, principal, id, ['edit', 'own'])).row;
  }

  private async unite(tx: Tx, principal: Principal, winner: PersonRow, loser: PersonRow): Promise<void> {
    const { teamId, actor } = principal;
    const [after, at] = [mergedValues(winner, loser), this.clock.now()];
    await tx.query(
      'UPDATE people SET deleted_at = $3, merged_into = $4, version = version + 1 WHERE team_id = $1 AND id = $2',
      [teamId, loser.id, at, winner.id],
    );
    await moveAddresses(tx, teamId, loser.id, winner.id, after.email);
    await this.keepAuthorization(tx, principal, winner, loser, at);
    await moveOwnRows(tx, teamId, loser.id, winner.id);
    await this.aside.move(tx, teamId, loser.id, winner.id);
    await tx.query(
      `UPDATE people SET email = $3, owner_id = $4, shared = $5, updated_at = $6, version = version + 1,
         (${DETAIL_COLUMNS}) = (${detailParameters(7)})
       WHERE team_id = $1 AND id = $2`,
      [teamId, winner.id, after.email, after.ownerId, after.shared, at, ...detailValues(after)],
    );
    const reason = 'Merged with somebody who is unsubscribed';
    const wish = { source: 'manual' as const, reason, actor, emailId: null, at };
    if (loser.unsubscribedAt !== null && winner.unsubscribedAt === null) {
      await this.unsubscribes.unsubscribe(tx, teamId, winner.id, wish);
    }
    await this.unsubscribes.spread(tx, teamId, winner.id, wish);
    await this.holdings.move(tx, teamId, loser.id, winner.id);
  }

  /** The latest one holds, and the other's come along: what is to hold is said again. */
  private async keepAuthorization(
    tx: Tx,
    { teamId, actor }: Principal,
    winner: PersonRow,
    loser: PersonRow,
    at: Date,
  ): Promise<void> {
    const grounds = await authorizationsOf(tx, teamId, [winner.id, loser.id]);
    const kept = grounds.get(winner.id) ?? grounds.get(loser.id);
    if (kept) await authorize(tx, teamId, winner.id, kept, { actor, at });
  }
}
