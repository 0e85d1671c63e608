// Access tokens of channels, new ones where they are needed. Invariants:
//
//   1. No transaction is open while a provider is asked: one that hangs holds up its own channels, not the database.
//   2. A process has one refresh of a channel at a time. Processes do not wait for each other: an answer is written
//      under the grant's lock, and not over what is newer (token-choice.ts). What was removed stays so.
//   3. A permission is taken back only if the one that was refused is still the stored one: another process may have
//      used it up a moment before.
//
//   stored ── usable? ─yes─▶ give
//      └─no─▶ ask ── answer ──▶ lock ── newer there? ─no─▶ write, give
//              │                            └─yes─▶ give that
//              └─ refused ──▶ look again ── newer there? ─yes─▶ give that
//                                               └─no─▶ taken back

import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { MailProvider } from '../../command-center/senders/channel-grant.entity.js';
import { ChannelGrants, type GrantTokens } from '../../command-center/senders/channel-grants.repository.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ProviderClient } from './provider-client.js';
import { MailTokenError, TakenBackError } from './token-answer.js';
import { isSame, isUsable, keptOf } from './token-choice.js';

type Grant = GrantTokens & { provider: MailProvider };

/** Whoever used up the permission may still wait for the answer, or write it. */
const LOOK_AGAIN_MS = [0, 200, 800] as const;

@Injectable()
export class ChannelTokens {
  private readonly refreshing = new Map<string, Promise<string>>();

  constructor(
    private readonly transactions: Transactions,
    private readonly grants: ChannelGrants,
    private readonly provider: ProviderClient,
    private readonly clock: Clock,
  ) {}

  /** `renew`: the server has refused the one that there is. Throws MailTokenError. */
  async accessToken(teamId: string, channelId: string, renew: boolean): Promise<string> {
    const stored = await this.stored(teamId, channelId);
    if (isUsable(stored, renew, this.clock.now())) return stored.accessToken;
    const running = this.refreshing.get(channelId);
    if (running) return running;
    const refreshing = this.refresh(teamId, channelId, renew).finally(() => this.refreshing.delete(channelId));
    this.refreshing.set(channelId, refreshing);
    return refreshing;
  }

  private async refresh(teamId: string, channelId: string, renew: boolean): Promise<string> {
    // Again: a refresh may have ended since it was read.
    const before = await this.stored(teamId, channelId);
    if (isUsable(before, renew, this.clock.now())) return before.accessToken;
    const answer = await this.ask(before);
    if (answer instanceof TakenBackError) return this.newer(teamId, channelId, before, answer);
    return this.keep(teamId, channelId, before, answer);
  }

  private async ask({ provider, refreshToken }: Grant): Promise<GrantTokens | TakenBackError> {
    try {
      return await this.provider.refresh(provider, refreshToken);
    } catch (error) {
      if (error instanceof TakenBackError) return error;
      throw error;
    }
  }

  private async keep(teamId: string, channelId: string, before: Grant, answer: GrantTokens): Promise<string> {
    return this.transactions.run(async (tx) => {
      const kept = keptOf(before, await this.lock(tx, teamId, channelId), answer);
      if (kept === answer) await this.grants.write(tx, teamId, channelId, before.provider, answer);
      return kept.accessToken;
    });
  }

  private async newer(teamId: string, channelId: string, before: Grant, refusal: TakenBackError): Promise<string> {
    for (const wait of LOOK_AGAIN_MS) {
      await delay(wait);
      const stored = await this.stored(teamId, channelId);
      if (!isSame(before, stored)) return stored.accessToken;
    }
    throw refusal;
  }

  private stored(teamId: string, channelId: string): Promise<Grant> {
    return this.transactions.run((tx) => this.lock(tx, teamId, channelId));
  }

  private async lock(tx: Tx, teamId: string, channelId: string): Promise<Grant> {
    const grant = await this.grants.lock(tx, teamId, channelId);
    if (!grant) throw new MailTokenError(535, 'The permission to send is gone: connect the mailbox again.');
    return grant;
  }
}
