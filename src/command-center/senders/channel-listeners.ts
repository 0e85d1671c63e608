import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transactions.js';

type ChannelListener = (tx: Tx, teamId: string, channelId: string) => Promise<void> | void;

/** Whoever sends by the channels hears when one was changed, resumed or mended: there may be work again. */
@Injectable()
export class ChannelListeners {
  private readonly listeners: ChannelListener[] = [];

  register(listener: ChannelListener): void {
    this.listeners.push(listener);
  }

  async tell(tx: Tx, teamId: string, channelId: string): Promise<void> {
    for (const listener of this.listeners) await listener(tx, teamId, channelId);
  }
}
