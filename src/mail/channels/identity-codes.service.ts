import { Injectable } from '@nestjs/common';
import { type Principal, requireUser } from '../../accounts/access.js';
import { IdentitiesService } from '../../command-center/senders/identities.service.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { RateLimits } from '../../platform/rate-limits/rate-limits.js';
import { ChannelAccess } from './channel-access.js';
import { type SmtpErrorFacts, smtpFailure } from './smtp-failure.js';

/** A rep could have codes mailed to strangers: a few, not many. */
const CODES = { points: 10, durationSeconds: 3600 };

/** Mails the code that shows that an address is its owner's, by the channel that is to send for it. */
@Injectable()
export class IdentityCodes {
  constructor(
    private readonly transactions: Transactions,
    private readonly identities: IdentitiesService,
    private readonly access: ChannelAccess,
    private readonly limits: RateLimits,
  ) {}

  async send(principal: Principal, id: string): Promise<{ email: string }> {
    const { teamId } = principal;
    const userId = requireUser(principal);
    const { channel_id: chosen } = await this.identities.get(principal, id);
    const channelId = chosen ?? (await this.access.channels.defaultFor(this.transactions, teamId, userId));
    const channel = channelId && (await this.access.channels.byId(this.transactions, teamId, channelId));
    if (!channel)
      throw new ProductError('sender_not_ready', 'Set up a delivery channel first: the code is sent by it.');
    await this.limits.take('identity-code', `${teamId}:${userId}`, CODES);
    const { code, email, name } = await this.identities.newCode(principal, id);
    try {
      await this.access.send(channel, {
        ...{ from: { name, address: email }, to: { name, address: email } },
        subject: `${code} is your code for Command Center`,
        text: `Enter ${code} in Command Center to send emails as ${email}.\n\nThe code works for one hour. If you did not ask for it, do nothing.\n`,
      });
    } catch (error) {
      const { words, said } = smtpFailure(error as SmtpErrorFacts);
      throw new ProductError('mail_server_refused', said === null ? words : `${words} The server said: ${said}`);
    }
    return { email };
  }
}
