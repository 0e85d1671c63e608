import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { LateEmails } from '../../command-center/emails/outgoing/late-emails.js';
import { OutgoingClaims } from '../../command-center/emails/outgoing/outgoing-claims.js';
import { OutgoingOutcomes } from '../../command-center/emails/outgoing/outgoing-outcomes.js';
import { Config } from '../../config/config.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import type { LaneLease } from '../../platform/pipelines/lane-lease.js';
import type { Backlog, PipelineHandler, SliceResult } from '../../platform/pipelines/pipeline.js';
import { Pipelines } from '../../platform/pipelines/pipelines.js';
import { DispatchRepository, type LaneChannel } from './dispatch.repository.js';
import { TRIES_MAX } from './retry-times.js';
import { Sender } from './sender.js';

export const DISPATCH = 'dispatch';
const FAILED_AT_ONCE = 200;
const HOUR_MS = 3_600_000;

type Found = { kind: 'ended'; result: SliceResult } | { kind: 'open'; channel: LaneChannel };

/** Sends what is due. A lane is a delivery channel: one worker at a time has its connections and counts its limits. */
@Injectable()
export class Dispatch implements PipelineHandler, OnModuleInit {
  private readonly logger = new Logger(Dispatch.name);

  constructor(
    private readonly pipelines: Pipelines,
    private readonly transactions: Transactions,
    private readonly channels: DispatchRepository,
    private readonly claims: OutgoingClaims,
    private readonly outcomes: OutgoingOutcomes,
    private readonly late: LateEmails,
    private readonly sender: Sender,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.pipelines.register(DISPATCH, this);
  }

  dueLanes(now: Date, limit: number): Promise<string[]> {
    return this.channels.dueLanes(this.transactions, now, limit);
  }

  async backlog(now: Date): Promise<Backlog[]> {
    return [{ work: 'dispatch', ...(await this.channels.backlog(this.transactions, now)) }];
  }

  async slice(lease: LaneLease): Promise<SliceResult> {
    const found = await this.transactions.run(async (tx) => {
      await lease.check(tx);
      return this.look(tx, lease.lane);
    });
    if (found.kind === 'ended') return found.result;
    const { teamId } = found.channel;
    const result = await this.sender.send(lease, teamId);
    await this.transactions.run(async (tx) => {
      await lease.check(tx);
      await this.channels.looked(tx, teamId, lease.lane, this.clock.now());
    });
    return result;
  }

  /** What comes before sending: whoever died here, a channel that is no more or rests, emails that are hours late. */
  private async look(tx: Tx, lane: string): Promise<Found> {
    const now = this.clock.now();
    const channel = await this.channels.channelOf(tx, lane);
    if (!channel || channel.teamGone) return ended({ kind: 'gone' });
    const { teamId } = channel;
    const settled = await this.outcomes.settleOrphans(tx, teamId, lane, TRIES_MAX);
    if (settled > 0) {
      this.logger.warn({ channelId: lane, emails: settled }, 'emails that somebody left while sending were settled');
      return ended({ kind: 'worked' });
    }
    if (channel.removed) {
      const failed = await this.claims.failDue(tx, teamId, lane, FAILED_AT_ONCE, now);
      return ended({ kind: failed > 0 ? 'worked' : 'idle' });
    }
    if (channel.paused || channel.stopped) return ended({ kind: 'idle' });
    if (channel.notBefore !== null && channel.notBefore > now) {
      return ended({ kind: 'idle', nextAt: channel.notBefore });
    }
    if ((await this.postpone(tx, lane, channel, now)) > 0) return ended({ kind: 'worked' });
    return { kind: 'open', channel };
  }

  /** While the channel itself let nothing out, nobody was away: what waited for it is not late. */
  private async postpone(tx: Tx, lane: string, channel: LaneChannel, now: Date): Promise<number> {
    const graceMs = this.config.get('EMAIL_LATE_AFTER_HOURS') * HOUR_MS;
    const since = latest(channel.lookedAt, channel.notBefore);
    const before = new Date(now.getTime() - graceMs);
    if (graceMs === 0 || since === null || since >= before) return 0;
    return this.late.postpone(tx, { teamId: channel.teamId, channelId: lane, since, before, now });
  }
}

function ended(result: SliceResult): Found {
  return { kind: 'ended', result };
}

function latest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
