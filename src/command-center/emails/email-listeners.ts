import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transactions.js';
import type { EmailState } from './email-state.js';

/** An email as it was just written. */
export interface EmailWritten {
  id: string;
  state: EmailState;
  userId: string;
  channelId: string | null;
  dueAt: Date | null;
}

/** Somebody who follows the emails, in the transaction that writes them; throwing undoes it. */
export type EmailListener = (tx: Tx, teamId: string, emails: readonly EmailWritten[]) => Promise<void> | void;

/** Emails know nobody of those who follow them (the dispatch, the live feed): these register here. */
@Injectable()
export class EmailListeners {
  private readonly listeners: EmailListener[] = [];

  register(listener: EmailListener): void {
    this.listeners.push(listener);
  }

  async tell(tx: Tx, teamId: string, emails: readonly EmailWritten[]): Promise<void> {
    if (emails.length === 0) return;
    for (const listener of this.listeners) await listener(tx, teamId, emails);
  }
}
