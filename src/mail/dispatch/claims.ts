import { Injectable } from '@nestjs/common';
import { OutgoingClaims } from '../../command-center/emails/outgoing/outgoing-claims.js';
import { AttemptsRepository } from '../../command-center/emails/outgoing/attempts.repository.js';
import { type ChannelRow, ChannelsRepository } from '../../command-center/senders/channels.repository.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import type { LaneLease } from '../../platform/pipelines/lane-lease.js';
import { ContentLinks } from '../tracked-content/content-links.js';
import { UnsubscribeLinks } from '../unsubscribe/unsubscribe-links.js';
import type { Claimed } from './claim-queue.js';
import { type Allowance, allowance, fullDomains, gapAfter, withinDomains } from './pace.js';
import { PaceRepository } from './pace.repository.js';

/** Rows that somebody edits at this moment are free again soon. */
const HELD_MS = 1_000;

/** Claims emails within the limits of their channel, in one transaction with what the limits count. */
@Injectable()
export class Claims {
  constructor(
    private readonly transactions: Transactions,
    private readonly outgoing: OutgoingClaims,
    private readonly attempts: AttemptsRepository,
    private readonly channels: ChannelsRepository,
    private readonly paces: PaceRepository,
    private readonly links: UnsubscribeLinks,
    private readonly content: ContentLinks,
    private readonly clock: Clock,
  ) {}

  /** At most `most` emails of the channel that this lease stands for. */
  async next(lease: LaneLease, teamId: string, most: number): Promise<Claimed> {
    return this.transactions.run(async (tx) => {
      await lease.check(tx);
      const { gapUntil } = await this.paces.hold(tx, teamId, lease.lane);
      const channel = await this.channels.byId(tx, teamId, lease.lane);
      if (!channel || channel.pausedAt !== null || channel.stoppedAt !== null) return { until: null };
      return this.within(tx, teamId, channel, { gapUntil, most });
    });
  }

  private async within(
    tx: Tx,
    teamId: string,
    channel: ChannelRow,
    { gapUntil, most }: { gapUntil: Date | null; most: number },
  ): Promise<Claimed> {
    const now = this.clock.now();
    const nextDue = await this.attempts.nextDue(tx, teamId, channel.id);
    if (nextDue === null || nextDue > now) return { until: nextDue };
    const sent = await this.paces.sent(tx, teamId, channel.id, channel, now);
    const allowed = allowance(channel, sent, now, gapUntil, most);
    if (!saysSo(channel, allowed)) await this.paces.wait(tx, teamId, channel.id, allowed);
    if (allowed.now === 0) return { until: allowed.notBefore };
    const toDomains = await this.paces.sentToDomains(tx, teamId, channel.id, channel, now);
    const full = fullDomains(channel, toDomains);
    const leaving = {
      ...{ teamId, channelId: channel.id, fullDomains: full.domains },
      within: <T extends { domain: string }>(emails: readonly T[]) => withinDomains(channel, toDomains, emails),
      contentUrl: (file: { emailId: string; fileId: string }) => this.content.urlFor({ teamId, ...file }),
      unsubscribeUrl: (email: { personId: string; emailId: string }) => this.links.urlFor({ teamId, ...email }),
    };
    const { emails, looked } = await this.outgoing.claim(tx, leaving, allowed.now, now);
    const gap = gapAfter(channel, now, Math.random());
    if (emails.length > 0 && (gap ?? gapUntil) !== null) await this.paces.keepGap(tx, teamId, channel.id, gap);
    if (looked > 0) return { emails };
    return { until: full.notBefore ?? new Date(now.getTime() + HELD_MS) };
  }
}

/** Pure: the channel is told to wait for this already. */
function saysSo(channel: ChannelRow, { notBefore, waitingFor }: Allowance): boolean {
  return channel.notBefore?.getTime() === notBefore?.getTime() && channel.waitingFor === waitingFor;
}
