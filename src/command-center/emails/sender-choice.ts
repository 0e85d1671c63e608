import { Injectable } from '@nestjs/common';
import type { Reader } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { invalidInput } from '../../platform/http/validation.js';
import { ChannelsRepository } from '../senders/channels.repository.js';
import { IdentitiesRepository, type IdentityRow } from '../senders/identities.repository.js';

export interface Sender {
  identity: IdentityRow;
  channelId: string;
}

/** As whom and by which server a rep's emails leave. */
@Injectable()
export class SenderChoice {
  constructor(
    private readonly identities: IdentitiesRepository,
    private readonly channels: ChannelsRepository,
  ) {}

  /** The identity that was named, or else the default one; null: there is none. */
  async identity(reader: Reader, teamId: string, userId: string, wanted: string | null): Promise<IdentityRow | null> {
    if (wanted === null) return (await this.identities.default(reader, teamId, userId)) ?? null;
    const identity = await this.identities.byId(reader, teamId, userId, wanted);
    if (!identity) throw invalidInput([{ field: 'identity_id', message: 'is no sender address of the sender' }]);
    return identity;
  }

  /** Refuses what could not be sent to anybody. An address that is gone since is replaced by the default one. */
  async require(reader: Reader, teamId: string, userId: string, wanted: string | null): Promise<Sender> {
    const named = wanted === null ? undefined : await this.identities.byId(reader, teamId, userId, wanted);
    const identity = named ?? (await this.identities.default(reader, teamId, userId));
    if (!identity) {
      throw new ProductError('sender_not_ready', 'There is no address to send from: add one under Settings → Email.');
    }
    if (identity.verifiedAt === null) {
      const detail = `${identity.email} is not confirmed yet: enter the code that was mailed to it under Settings → Email.`;
      throw new ProductError('sender_not_ready', detail);
    }
    const channelId = identity.channelId ?? (await this.channels.defaultFor(reader, teamId, userId));
    if (channelId === null) {
      throw new ProductError(
        'sender_not_ready',
        'There is no delivery channel: set one up under Settings → Email, or choose one of yours for this address.',
      );
    }
    return { identity, channelId };
  }
}
