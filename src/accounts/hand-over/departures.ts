import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../../platform/database/transactions.js';

/** From whom to whom, and who decided so. */
export interface Handing {
  teamId: string;
  from: string;
  to: string;
  /** `user:<id>` or `key:<id>`. */
  actor: string;
  at: Date;
}

export interface Handed {
  moved: number;
  /** Those that cannot go to this heir, and why. */
  kept: number;
  keptBecause: string | null;
  /** The last id looked at; null: there are no more. */
  after: string | null;
}

/** A kind of thing that a user holds and somebody else can take on. */
export interface Holding {
  /** As the API names it: `tasks`, `people`. */
  kind: string;
  count(reader: Reader, teamId: string, userId: string): Promise<number>;
  /** Hands over at most `limit`, in the order of their ids, of those after `after`. */
  hand(tx: Tx, handing: Handing, after: string | null, limit: number): Promise<Handed>;
}

type OnLeft = (tx: Tx, teamId: string, userId: string) => Promise<void>;

/** What happens in each room when somebody leaves the team: the rooms register at start-up. */
@Injectable()
export class Departures {
  readonly holdings: Holding[] = [];
  private readonly endings: OnLeft[] = [];

  holds(holding: Holding): void {
    this.holdings.push(holding);
    // The order of the handing, whichever room starts first: people come before the tasks about them.
    this.holdings.sort((a, b) => (a.kind < b.kind ? -1 : 1));
  }

  /** In the transaction in which they have left: nothing is handed over any more. */
  ends(ending: OnLeft): void {
    this.endings.push(ending);
  }

  async left(tx: Tx, teamId: string, userId: string): Promise<void> {
    for (const ending of this.endings) await ending(tx, teamId, userId);
  }
}
