import { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import {
  AttemptsRepository,
  type Begin,
  type Begun,
} from '../../command-center/emails/outgoing/attempts.repository.js';
import type { OutgoingEmail } from '../../command-center/emails/outgoing/outgoing-email.js';
import { OutgoingOutcomes } from '../../command-center/emails/outgoing/outgoing-outcomes.js';
import { FileStorage } from '../../command-center/files/file-storage.js';
import { type ChannelRow, ChannelsRepository } from '../../command-center/senders/channels.repository.js';
import { Clock } from '../../platform/clock/clock.js';
import { GroupWrites } from '../../platform/database/group-writes.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { MetricsRegistry } from '../../platform/metrics/metrics-registry.js';
import { type LaneLease, LeaseLostError } from '../../platform/pipelines/lane-lease.js';
import type { SliceResult } from '../../platform/pipelines/pipeline.js';
import { ChannelAccess } from '../channels/channel-access.js';
import { type ChannelPort, ChannelRun, type RunEnd } from './channel-run.js';
import { Claims } from './claims.js';
import { composeWithFiles, type StreamedMessage } from './enclosing.js';
import { type Composed, composeMessage, returnPathOf } from './message.js';
import { PaceRepository } from './pace.repository.js';
import { REFUSED_MAX } from './sender-refusals.js';
import { openSending, SendingFailedError, type SmtpSending } from './smtp-sending.js';
import { whileHeld } from './while-held.js';

/** A lane gives way to others after so long; its connections close. */
const GO_MS = 10_000;

/** Sends what is due by one channel: opens its connections, and keeps what the server says of the channel as a whole. */
@Injectable()
export class Sender {
  private readonly logger = new Logger(Sender.name);
  private readonly sent;
  private readonly begins = new GroupWrites<Begin, Begun>((teamId, begins) =>
    this.attempts.begin(this.transactions, teamId, begins, this.clock.now()),
  );

  constructor(
    private readonly transactions: Transactions,
    private readonly channels: ChannelsRepository,
    private readonly access: ChannelAccess,
    private readonly claims: Claims,
    private readonly attempts: AttemptsRepository,
    private readonly outcomes: OutgoingOutcomes,
    private readonly paces: PaceRepository,
    private readonly storage: FileStorage,
    private readonly clock: Clock,
    metrics: MetricsRegistry,
  ) {
    this.sent = metrics.counter('email_attempts_total', 'Tries to send emails, by what became of them', ['outcome']);
  }

  async send(lease: LaneLease, teamId: string): Promise<SliceResult> {
    const channel = await this.channels.byId(this.transactions, teamId, lease.lane);
    if (!channel) return { kind: 'worked' };
    const due = await this.attempts.nextDue(this.transactions, teamId, channel.id);
    if (due === null) return { kind: 'idle' };
    if (due > this.clock.now()) return { kind: 'idle', nextAt: due };
    const first = await this.openFirst(lease, teamId, channel);
    if (!first) return this.resting(teamId, channel.id);
    const until = performance.now() + GO_MS;
    const end = await new ChannelRun(this.portOf(lease, teamId, channel, until)).run(first);
    await this.keep(lease, teamId, channel, end);
    if (end.trouble) return this.resting(teamId, channel.id);
    if (performance.now() >= until || lease.signal.aborted) return { kind: 'worked' };
    return { kind: 'idle', ...(end.nextAt ? { nextAt: end.nextAt } : {}) };
  }

  private open(teamId: string, channel: ChannelRow): Promise<SmtpSending> {
    const { server, policy } = this.access.serverOf(teamId, channel);
    return openSending(server, policy);
  }

  /** Before anything is claimed: what stands in the way of all fails none. */
  private async openFirst(lease: LaneLease, teamId: string, channel: ChannelRow): Promise<SmtpSending | undefined> {
    try {
      return await this.open(teamId, channel);
    } catch (error) {
      if (!(error instanceof SendingFailedError)) throw error;
      const trouble = { kind: error.kind === 'auth' ? ('log_in' as const) : ('server' as const), words: error.words };
      await this.keep(lease, teamId, channel, { trouble, nextAt: null, delivered: false });
      return undefined;
    }
  }

  private async keep(lease: LaneLease, teamId: string, channel: ChannelRow, end: RunEnd): Promise<void> {
    const now = this.clock.now();
    await this.transactions.run(async (tx: Tx) => {
      await lease.check(tx);
      // A server that takes mail and then wants a pause has not failed again and again.
      if (end.delivered) await this.paces.clear(tx, teamId, channel.id);
      if (end.trouble && end.trouble.kind !== 'server')
        return this.paces.stop(tx, teamId, channel, end.trouble.words, now);
      if (end.trouble) {
        const trouble = end.trouble.words;
        return this.paces.backOff(tx, teamId, channel.id, { trouble, now, random: Math.random() });
      }
    });
  }

  /** Until the channel may be tried again, or somebody mends it. */
  private async resting(teamId: string, channelId: string): Promise<SliceResult> {
    const after = await this.channels.byId(this.transactions, teamId, channelId);
    if (!after || after.stoppedAt !== null || after.notBefore === null) return { kind: 'idle' };
    return { kind: 'idle', nextAt: after.notBefore };
  }

  private portOf(lease: LaneLease, teamId: string, channel: ChannelRow, until: number): ChannelPort {
    const { returnPathDomain, connections } = channel;
    return {
      ...{ connections, lost: lease.lost, logger: this.logger },
      open: () => this.open(teamId, channel),
      claim: (most) => this.claims.next(lease, teamId, most),
      compose: (email) => this.compose(lease, teamId, email, returnPathDomain),
      begin: (email) => this.begin(lease, teamId, email.attemptId, channel),
      write: async (email, ending) => {
        await this.outcomes.write(teamId, email, ending);
        this.sent.inc({ outcome: ending.event });
      },
      giveBack: (emails) => this.transactions.run((tx) => this.outcomes.giveBack(tx, teamId, emails)),
      refusedBefore: ({ id }, apart) =>
        this.attempts.refusedBefore(this.transactions, teamId, channel.id, { id, apart, most: REFUSED_MAX - 1 }),
      now: () => this.clock.now(),
      random: () => Math.random(),
      over: () => performance.now() >= until || lease.signal.aborted || lease.lost.aborted,
    };
  }

  private compose(
    lease: LaneLease,
    teamId: string,
    email: OutgoingEmail,
    returnPathDomain: string | null,
  ): Promise<Composed | StreamedMessage> {
    const { attemptId, from, cc, bcc, messageId, references, unsubscribeUrl } = email;
    const mailboxes = (addresses: readonly string[]) => addresses.map((address) => ({ name: '', address }));
    const letter = {
      ...{ ...email, cc: mailboxes(cc), bcc: mailboxes(bcc), listUnsubscribeUrl: unsubscribeUrl },
      ...{ messageId: `<${messageId}>`, references: references.map((id) => `<${id}>`), date: this.clock.now() },
      returnPath: returnPathDomain === null ? from.address : returnPathOf(attemptId, returnPathDomain),
    };
    if (email.attachments.length === 0) return composeMessage(letter);
    const files = email.attachments.map(({ fileId, ...file }) => ({
      ...file,
      open: () => {
        const bytes = this.storage.read(teamId, { id: fileId, size: file.size });
        return Readable.from(whileHeld(lease, bytes), { highWaterMark: 1 });
      },
    }));
    return Promise.resolve(composeWithFiles(letter, files));
  }

  private begin(lease: LaneLease, teamId: string, attemptId: string, { id, version }: ChannelRow): Promise<Begun> {
    if (lease.lost.aborted) throw new LeaseLostError(lease.pipeline, lease.lane);
    return this.begins.add(teamId, { attemptId, channel: { id, version }, lease });
  }
}
