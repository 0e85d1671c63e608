import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import type { Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { PersonHoldings, type PersonRows } from '../people/person-holdings.js';
import { ContentsRepository } from './contents.repository.js';
import { BatchQueries } from './email-batches.repository.js';
import { EmailStore } from './email-store.js';

/** Emails go with the person whom they are to; of one who is erased, only counts stay. */
@Injectable()
export class EmailsOfPeople implements PersonRows, OnModuleInit {
  constructor(
    private readonly holdings: PersonHoldings,
    private readonly store: EmailStore,
    private readonly contents: ContentsRepository,
    private readonly batches: BatchQueries,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.holdings.register(this);
  }

  async move(tx: Tx, teamId: string, from: string, to: string): Promise<void> {
    await this.store.movePerson(tx, teamId, from, to);
  }

  /** What has not left is deleted; of what has, nothing tells any more to whom it went and what it said. */
  async erase(tx: Tx, teamId: string, personId: string): Promise<void> {
    const found = await tx.query<{ id: string }>('SELECT id FROM emails WHERE team_id = $1 AND person_id = $2', [
      ...[teamId, personId],
    ]);
    const ids = found.map(({ id }) => id);
    if (ids.length === 0) return;
    const emails = [...(await this.store.lock(tx, teamId, ids)).values()];
    if (emails.some(({ state }) => state === 'in_progress')) {
      const detail = 'An email to this person is being sent at this moment: try again in a minute.';
      throw new ProductError('conflict', detail);
    }
    const author = { actor: null, at: this.clock.now() };
    const unsent = emails.filter(({ state }) => state === 'draft' || state === 'scheduled').map(({ id }) => ({ id }));
    await this.store.move(tx, teamId, 'delete', unsent, author);
    const [nothing = ''] = await this.contents.add(tx, teamId, [{ subject: '', body: '', attachments: [] }]);
    await this.store.erase(tx, teamId, ids, nothing);
    const batchIds = emails.flatMap(({ batchId }) => batchId ?? []);
    const ofBatches = await this.batches.erase(tx, teamId, batchIds, personId, nothing);
    const before = [...ofBatches, ...emails.map(({ contentId }) => contentId)];
    await this.contents.dropUnused(tx, teamId, before);
  }
}
