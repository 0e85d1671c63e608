import { Injectable } from '@nestjs/common';
import { type Principal, requireUser } from '../../accounts/access.js';
import { ChannelsService } from '../../command-center/senders/channels.service.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { MAIL_PROVIDERS } from '../../command-center/senders/channel-grant.entity.js';
import { MailAccountAttempts } from './mail-account-attempts.js';
import type { ConnectMailAccount, MailProviderView } from './mail-accounts.dto.js';
import { ProviderClient } from './provider-client.js';
import { PROVIDER_LABELS } from './providers.js';
import { MailTokenError } from './token-answer.js';

export interface CallbackQuery {
  code: string | undefined;
  state: string | undefined;
  error: string | undefined;
}

/** Which browser came back: the provider's answer alone would tie a mailbox to whoever follows a link. */
export interface Browser {
  /** The state that it left with, from its cookie. */
  began: string | undefined;
  /** Who is signed in with it. */
  principal: Principal | undefined;
}

/** A mailbox at Google or Microsoft becomes a delivery channel: its owner says yes there, and no password is kept here. */
@Injectable()
export class MailAccounts {
  constructor(
    private readonly attempts: MailAccountAttempts,
    private readonly provider: ProviderClient,
    private readonly channels: ChannelsService,
  ) {}

  providers(): MailProviderView[] {
    return MAIL_PROVIDERS.map((provider) => ({
      ...{ provider, label: PROVIDER_LABELS[provider], available: this.provider.isSetUp(provider) },
    }));
  }

  /** The address to send the browser to, and the state that it must bring back. */
  async begin(
    principal: Principal,
    { provider, team = false }: ConnectMailAccount,
  ): Promise<{ url: string; state: string }> {
    const userId = requireUser(principal);
    if (team && principal.role !== 'admin') {
      throw new ProductError('forbidden', 'Only admins set up a channel of the team.');
    }
    if (!this.provider.isSetUp(provider)) {
      const detail = `This installation is not registered with ${PROVIDER_LABELS[provider]}: whoever runs it does that first.`;
      throw new ProductError('conflict', detail);
    }
    const attempt = { teamId: principal.teamId, userId, provider, forTeam: team };
    const { state, codeVerifier } = await this.attempts.begin(attempt);
    return { url: this.provider.authorizeUrl(provider, state, codeVerifier), state };
  }

  /** The browser is back: the channel is made, or connected again. Answers its address. */
  async finish({ code, state = '', error }: CallbackQuery, { began, principal }: Browser): Promise<string> {
    const attempt = await this.attempts.take(state);
    if (!attempt)
      throw refused('This visit is over: it was used already, or took longer than ten minutes. Begin again.');
    const { teamId, userId, provider, forTeam, codeVerifier } = attempt;
    if (began !== state || principal?.teamId !== teamId || principal.userId !== userId) {
      throw refused(
        'This was begun in another browser, or by somebody else. Sign in to Command Center, and begin again.',
      );
    }
    if (forTeam && principal.role !== 'admin') throw refused('Only admins set up a channel of the team.');
    if (code === undefined) throw refused(deniedWords(error, PROVIDER_LABELS[provider]));
    const { address, maySend, tokens } = await this.provider.exchange(provider, code, codeVerifier).catch(inWords);
    if (!maySend) throw refused(untickedWords(PROVIDER_LABELS[provider]));
    if (address === undefined) throw refused(`${PROVIDER_LABELS[provider]} does not say whose mailbox this is.`);
    const { label, host, port, security, limits } = this.provider.facts(provider);
    await this.channels.connect(principal, {
      ...{ provider, address, forTeam, tokens, name: `${label}: ${address}` },
      ...{ host, port, security, ...limits },
    });
    return address;
  }
}

function refused(detail: string): ProductError {
  return new ProductError('invalid_input', detail);
}

function inWords(error: unknown): never {
  if (error instanceof MailTokenError) throw refused(error.words);
  throw error;
}

function untickedWords(label: string): string {
  return `You did not allow sending at ${label}, so nothing was changed. Begin again, and leave the access to your emails ticked there.`;
}

function deniedWords(error: string | undefined, label: string): string {
  if (error === 'access_denied') return `You did not allow it at ${label}. Nothing was changed.`;
  return `${label} did not send you back with a permission. Begin again, or ask the administrator of your mailboxes.`;
}
