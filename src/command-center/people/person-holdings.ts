import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transactions.js';

/** What a room keeps about people: it alone knows how its rows go from one to another. The people are locked. */
export interface PersonRows {
  /** `from` turned out to be `to`. Nothing of it may leave for another system: this is no edit of anybody's. */
  move(tx: Tx, teamId: string, from: string, to: string): Promise<void>;
  /** Nothing is to tell of the person any more; what counts them may stay. Called for deleted people, too. */
  erase(tx: Tx, teamId: string, personId: string): Promise<void>;
}

/** People know nothing of tasks or emails: whoever keeps rows about people registers here. */
@Injectable()
export class PersonHoldings {
  private readonly rooms: PersonRows[] = [];

  register(room: PersonRows): void {
    this.rooms.push(room);
  }

  async move(tx: Tx, teamId: string, from: string, to: string): Promise<void> {
    for (const room of this.rooms) await room.move(tx, teamId, from, to);
  }

  async erase(tx: Tx, teamId: string, personId: string): Promise<void> {
    for (const room of this.rooms) await room.erase(tx, teamId, personId);
  }
}
