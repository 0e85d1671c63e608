import { Injectable } from '@nestjs/common';
import { type Principal, requireUser } from '../../accounts/access.js';
import { IdentitiesService } from '../../command-center/senders/identities.service.js';
import type { ChannelRow } from '../../command-center/senders/channels.repository.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { RateLimits } from '../../platform/rate-limits/rate-limits.js';
import { ChannelAccess } from './channel-access.js';
import { type SmtpErrorFacts, smtpFailure } from './smtp-failure.js';

/** A rep could have codes mailed to strangers: a few, not many. */
const CODES = { points: 10, durationSeconds: 3600 };

/**
 * Mails the code that shows that an address is its owner's: by the installation's own mail server, or else by the team's
 * channel. Never by the rep's own: whoever runs that server reads the code of any address in the world.
 */
@Injectable()
export class IdentityCodes {
  constructor(
    private readonly transactions: Transactions,
    private readonly identities: IdentitiesService,
    private readonly access: ChannelAccess,
    private readonly mailer: Mailer,
    private readonly limits: RateLimits,
  ) {}

  async send(principal: Principal, id: string): Promise<{ email: string }> {
    const { teamId } = principal;
    const userId = requireUser(principal);
    await this.identities.get(principal, id);
    const channel = this.mailer.configured ? undefined : await this.teamChannel(teamId);
    await this.limits.take('identity-code', `${teamId}:${userId}`, CODES);
    const { code, email, name } = await this.identities.newCode(principal, id);
    const to = { name, address: email };
    const subject = `${code} is your code for Command Center`;
    const text = `Enter ${code} in Command Center to send emails as ${email}.\n\nThe code works for one hour. If you did not ask for it, do nothing.\n`;
    try {
      if (channel) await this.access.send(teamId, channel, { from: to, to, subject, text });
      else await this.mailer.send({ to, subject, text });
    } catch (error) {
      const { words, said } = smtpFailure(((error as Error).cause ?? error) as SmtpErrorFacts);
      throw new ProductError('mail_server_refused', said === null ? words : `${words} The server said: ${said}`);
    }
    return { email };
  }

  private async teamChannel(teamId: string): Promise<ChannelRow> {
    const channel = await this.access.channels.ofTeam(this.transactions, teamId);
    if (channel) return channel;
    throw new ProductError(
      'sender_not_ready',
      'The code is sent by the team’s delivery channel, and there is none: ask an admin to set one up.',
    );
  }
}
