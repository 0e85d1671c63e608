import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../accounts/access.js';
import { actorNames } from '../../../accounts/names.js';
import { Clock } from '../../../platform/clock/clock.js';
import { Transactions } from '../../../platform/database/transactions.js';
import { decodeCursor, type PageQuery, toPage } from '../../../platform/http/page.js';
import type { PersonView } from '../people.dto.js';
import { PeopleService } from '../people.service.js';
import { PersonGuard } from '../person-guard.js';
import type { AuthorizationPage, SetAuthorization } from './person-authorization.dto.js';
import {
  type Authorization,
  authorizationHistory,
  authorizationsOf,
  authorize,
  NO_AUTHORIZATION,
  sameAuthorization,
} from './person-authorizations.js';

/** On what ground people are written to: who may change a person says so. */
@Injectable()
export class PersonAuthorizationsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly guard: PersonGuard,
    private readonly clock: Clock,
  ) {}

  async set(principal: Principal, id: string, input: SetAuthorization): Promise<PersonView> {
    const { type, source = null, consented_on: consentedOn = null, purpose = null } = input;
    await this.write(principal, id, { type, source, consentedOn, purpose });
    return this.people.get(principal, id);
  }

  async clear(principal: Principal, id: string): Promise<void> {
    await this.write(principal, id, NO_AUTHORIZATION);
  }

  async history(principal: Principal, id: string, { after, limit }: PageQuery): Promise<AuthorizationPage> {
    const { teamId } = principal;
    await this.guard.require(this.transactions, principal, id, ['read', 'edit', 'own']);
    const [position = null] = after === undefined ? [] : decodeCursor(after, 1);
    const rows = await authorizationHistory(this.transactions, teamId, id, { after: position, limit });
    const actors = rows.map(({ actor }) => actor);
    const names = await actorNames(this.transactions, teamId, actors);
    return toPage(
      rows,
      limit,
      (row) => [row.id],
      ({ actor, consentedOn, ...row }) => ({
        ...{ ...row, consented_on: consentedOn, who: { id: actor, name: names.get(actor) ?? '' } },
      }),
    );
  }

  /** The same again changes nothing. */
  private async write(principal: Principal, id: string, after: Authorization): Promise<void> {
    const { teamId, actor } = principal;
    await this.transactions.run(async (tx) => {
      const { row } = await this.guard.holdEditable(tx, principal, id);
      const before = (await authorizationsOf(tx, teamId, [id])).get(id) ?? NO_AUTHORIZATION;
      if (sameAuthorization(before, after)) return;
      await authorize(tx, teamId, id, after, { actor, at: this.clock.now() });
      await this.guard.changed(tx, principal, row, ['authorization']);
    });
  }
}
