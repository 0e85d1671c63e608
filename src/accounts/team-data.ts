import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Tx } from '../platform/database/transactions.js';
import type { LaneRef } from '../platform/pipelines/lanes.repository.js';
import { removalOrder, type TeamTable } from './removal-order.js';

/** A room that keeps something of teams, and how that ends with the team. */
export interface TeamDataKeeper {
  tables: readonly TeamTable[];
  /** Lanes of its background work for the team: from the deletion on, who works there can commit nothing more. */
  lanes?(tx: Tx, teamId: string): Promise<readonly LaneRef[]>;
  /** Inside the transaction that deletes the team; what it throws undoes that. Calls to the outside: after the commit. */
  onDeleted?(tx: Tx, teamId: string): Promise<void>;
}

/** What the product keeps of teams, room by room: each registers at start-up. */
@Injectable()
export class TeamData implements OnApplicationBootstrap {
  private readonly keepers: TeamDataKeeper[] = [];

  register(keeper: TeamDataKeeper): void {
    this.keepers.push(keeper);
  }

  /** Nothing starts with tables that cannot be removed. */
  onApplicationBootstrap(): void {
    this.tables();
  }

  /** In the order of their removal. */
  tables(): readonly TeamTable[] {
    return removalOrder(this.keepers.flatMap(({ tables }) => tables));
  }

  async lanesOf(tx: Tx, teamId: string): Promise<LaneRef[]> {
    const lanes: LaneRef[] = [];
    for (const keeper of this.keepers) lanes.push(...((await keeper.lanes?.(tx, teamId)) ?? []));
    return lanes;
  }

  async deleted(tx: Tx, teamId: string): Promise<void> {
    for (const keeper of this.keepers) await keeper.onDeleted?.(tx, teamId);
  }
}
