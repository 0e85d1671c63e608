import { Injectable } from '@nestjs/common';
import { type Principal, requireUser } from '../../accounts/access.js';
import { ChannelsService } from '../../command-center/senders/channels.service.js';
import { IdentitiesRepository } from '../../command-center/senders/identities.repository.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { RateLimits } from '../../platform/rate-limits/rate-limits.js';
import { ChannelAccess } from './channel-access.js';
import type { ChannelTestResult } from './channel-tests.dto.js';
import { type SmtpErrorFacts, smtpFailure } from './smtp-failure.js';

const TESTS = { points: 30, durationSeconds: 900 };

/** The test button of a channel: a real mail to oneself, and what is wrong in words. */
@Injectable()
export class ChannelTests {
  constructor(
    private readonly transactions: Transactions,
    private readonly channels: ChannelsService,
    private readonly identities: IdentitiesRepository,
    private readonly access: ChannelAccess,
    private readonly limits: RateLimits,
  ) {}

  async run(principal: Principal, channelId: string): Promise<ChannelTestResult> {
    const { teamId } = principal;
    const userId = requireUser(principal);
    const { name } = await this.channels.requireUsable(principal, channelId);
    const channel = await this.access.channels.byId(this.transactions, teamId, channelId);
    if (!channel) throw new ProductError('not_found');
    await this.limits.take('channel-test', userId, TESTS);
    const [user] = await this.transactions.query<{ name: string; address: string }>(
      'SELECT name, email AS address FROM users WHERE team_id = $1 AND id = $2',
      [teamId, userId],
    );
    if (!user) throw new ProductError('not_found');
    const as = await this.identities.default(this.transactions, teamId, userId);
    const from = as?.verifiedAt ? { name: as.name, address: as.email } : user;
    try {
      const said = await this.access.send(teamId, channel, {
        ...{ from, to: user, subject: `Test of the delivery channel ${name}` },
        text: `Command Center can send by ${channel.host}. You asked for this test; there is nothing to do.\n`,
      });
      return { ok: true, step: null, words: `A test mail is on its way to ${user.address}.`, said };
    } catch (error) {
      return { ok: false, ...smtpFailure(error as SmtpErrorFacts) };
    }
  }
}
