import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import { Audit } from '../../accounts/audit/audit.js';
import { actorNames } from '../../accounts/names.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { decodeCursor, type PageQuery, toPage } from '../../platform/http/page.js';
import type { PersonView } from './people.dto.js';
import { PeopleService } from './people.service.js';
import type { UnsubscribePage } from './unsubscribes.dto.js';
import { Unsubscribes } from './unsubscribes.js';

/** What reps and admins do about who gets emails. */
@Injectable()
export class UnsubscribesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly unsubscribes: Unsubscribes,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Whoever sees a person may say so: nobody is written to by mistake. */
  async unsubscribe(principal: Principal, id: string, reason: string | null): Promise<PersonView> {
    const person = await this.people.get(principal, id);
    const { teamId, actor } = principal;
    const wish = { source: 'manual' as const, reason, actor, emailId: null, at: this.clock.now() };
    await this.transactions.run(async (tx) => {
      const done = await this.unsubscribes.unsubscribe(tx, teamId, id, wish);
      const reachedIn = principal.role === 'admin' && !person.shared && person.owner?.id !== principal.userId;
      if (done === 'already' || !reachedIn) return;
      const target = { type: 'person', id };
      await this.audit.record(tx, { teamId, actor, action: 'person.unsubscribed', target, details: { reason } });
    });
    return this.people.get(principal, id);
  }

  async resubscribe(principal: Principal, id: string, reason: string): Promise<PersonView> {
    await this.people.get(principal, id);
    const { teamId, actor } = principal;
    const wish = { source: 'manual' as const, reason, actor, emailId: null, at: this.clock.now() };
    await this.transactions.run(async (tx) => {
      if ((await this.unsubscribes.resubscribe(tx, teamId, id, wish)) === 'already') {
        throw new ProductError('conflict', 'This person is not unsubscribed.');
      }
      const target = { type: 'person', id };
      await this.audit.record(tx, { teamId, actor, action: 'person.resubscribed', target, details: { reason } });
    });
    return this.people.get(principal, id);
  }

  async history(principal: Principal, id: string, { after, limit }: PageQuery): Promise<UnsubscribePage> {
    await this.people.get(principal, id);
    const [position = null] = after === undefined ? [] : decodeCursor(after, 1);
    const slice = { after: position, limit };
    const rows = await this.unsubscribes.history(this.transactions, principal.teamId, id, slice);
    const actors = rows.map(({ actor }) => actor);
    const names = await actorNames(this.transactions, principal.teamId, actors);
    return toPage(
      rows,
      limit,
      (row) => [row.id],
      ({ actor, ...row }) => ({ ...row, who: { id: actor, name: actor === null ? '' : (names.get(actor) ?? '') } }),
    );
  }
}
