import { Injectable } from '@nestjs/common';
import { ChannelGrants } from '../../command-center/senders/channel-grants.repository.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ProviderClient } from './provider-client.js';
import { MailTokenError } from './token-answer.js';

// A log-in that begins now must still be good when it is read.
const MARGIN_MS = 60_000;
/** A token that was just given and is refused all the same is not the token's fault. */
const NEW_MS = 30_000;

/** Access tokens of channels, new ones where they are needed. Under the grant's lock: several workers get one. */
@Injectable()
export class ChannelTokens {
  constructor(
    private readonly transactions: Transactions,
    private readonly grants: ChannelGrants,
    private readonly provider: ProviderClient,
    private readonly clock: Clock,
  ) {}

  /** `renew`: the server has refused the one that there is. Throws MailTokenError. */
  async accessToken(teamId: string, channelId: string, renew: boolean): Promise<string> {
    return this.transactions.run(async (tx) => {
      const grant = await this.grants.lock(tx, teamId, channelId);
      if (!grant) throw new MailTokenError(535, 'The permission to send is gone: connect the mailbox again.');
      const now = this.clock.now().getTime();
      const isGood = grant.expiresAt.getTime() - MARGIN_MS > now;
      const isNew = grant.gotAt.getTime() + NEW_MS > now;
      if (isGood && (!renew || isNew)) return grant.accessToken;
      const tokens = await this.provider.refresh(grant.provider, grant.refreshToken);
      await this.grants.write(tx, teamId, channelId, grant.provider, tokens);
      return tokens.accessToken;
    });
  }
}
