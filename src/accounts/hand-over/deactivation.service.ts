import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { invalidInput } from '../../platform/http/validation.js';
import { WakeUps } from '../../platform/pipelines/wake-ups.js';
import { Audit } from '../audit/audit.js';
import type { User } from '../user.entity.js';
import { UsersService } from '../users.service.js';
import { Departures } from './departures.js';
import type { HandOver } from './hand-over.entity.js';
import { HandOvers } from './hand-overs.repository.js';

/** The pipeline whose lanes are teams in which something is handed over. */
export const HAND_OVER = 'hand-over';

export interface Departure {
  user: User;
  /** What they hold at this moment, by kind. */
  holds: Map<string, number>;
  /** The latest one. */
  handOver: HandOver | undefined;
}

/** Ends somebody's work here, and gives what they held to somebody else. */
@Injectable()
export class DeactivationService {
  constructor(
    private readonly users: UsersService,
    private readonly departures: Departures,
    private readonly handOvers: HandOvers,
    private readonly audit: Audit,
    private readonly wakeUps: WakeUps,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** What a user holds, and how its handing over stands. */
  async look(teamId: string, userId: string): Promise<Departure> {
    const user = await this.users.get(teamId, userId);
    const holds = new Map<string, number>();
    for (const holding of this.departures.holdings) {
      holds.set(holding.kind, await holding.count(this.transactions, teamId, userId));
    }
    return { user, holds, handOver: await this.handOvers.latest(this.transactions, teamId, userId) };
  }

  /**
   * They can do nothing here from the commit on. With an heir, what they hold follows in the background; without one it
   * stays theirs until it is asked for again. Asking twice changes nothing.
   */
  async deactivate(teamId: string, userId: string, heirId: string | undefined, actor: string): Promise<Departure> {
    await this.transactions.run(async (tx) => {
      const { before } = await this.users.changeIn(tx, teamId, userId, '*', { active: false }, actor);
      if (heirId !== undefined) await this.begin(tx, teamId, userId, heirId, actor);
      else if (before.active) await this.departures.left(tx, teamId, userId);
    });
    return this.look(teamId, userId);
  }

  private async begin(tx: Tx, teamId: string, userId: string, heirId: string, actor: string): Promise<void> {
    if (heirId === userId) throw invalidInput([{ field: 'hand_over_to', message: 'is who leaves' }]);
    // Held, so that the heir does not leave at this moment.
    const heirs = await tx.query('SELECT 1 FROM users WHERE team_id = $1 AND id = $2 AND active FOR NO KEY UPDATE', [
      teamId,
      heirId,
    ]);
    if (heirs.length === 0) throw invalidInput([{ field: 'hand_over_to', message: 'is no active user of your team' }]);
    const present = await this.handOvers.latest(tx, teamId, userId);
    if (present && present.finishedAt === null) {
      if (present.toUserId === heirId) return;
      throw new ProductError(
        'conflict',
        'What they hold is being handed over to somebody else: wait until it is done.',
      );
    }
    const createdAt = this.clock.now();
    await this.handOvers.add(tx, { teamId, id: uuidv7(), fromUserId: userId, toUserId: heirId, actor, createdAt });
    const target = { type: 'user', id: userId };
    await this.audit.record(tx, { teamId, actor, action: 'user.handed_over', target, details: { to: heirId } });
    this.wakeUps.wakeAfterCommit(tx, HAND_OVER, teamId);
  }
}
