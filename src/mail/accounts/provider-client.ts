import { Injectable } from '@nestjs/common';
import type { MailProvider } from '../../command-center/senders/channel-grant.entity.js';
import type { GrantTokens } from '../../command-center/senders/channel-grants.repository.js';
import { Config } from '../../config/config.js';
import { Clock } from '../../platform/clock/clock.js';
import { codeChallengeOf } from '../../platform/secrets/oauth-visit.js';
import { type ProviderFacts, providerFacts } from './providers.js';
import { addressOf, givesScope, MailTokenError, type TokenAnswer, tokensOf } from './token-answer.js';

/** Below the lease of the lane that waits for a token (15 s), with room for what comes before and after. */
const TIMEOUT_MS = 6_000;
const ANSWER_MAX = 100_000;
const CALLBACK_PATH = '/v1/mail-accounts/callback';

/** The OAuth 2 endpoints of the mail providers: the code flow with PKCE (RFC 6749, 7636). One request each. */
@Injectable()
export class ProviderClient {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  facts(provider: MailProvider): ProviderFacts {
    return providerFacts(provider, this.config);
  }

  /** Whether this installation is known to the provider. */
  isSetUp(provider: MailProvider): boolean {
    const { clientId, clientSecret } = this.facts(provider);
    return clientId !== '' && clientSecret !== '';
  }

  /** Where the browser goes. */
  authorizeUrl(provider: MailProvider, state: string, codeVerifier: string): string {
    const { authorizeUrl, clientId, scope, more } = this.facts(provider);
    const url = new URL(authorizeUrl);
    url.search = new URLSearchParams({
      ...{ response_type: 'code', client_id: clientId, redirect_uri: this.redirectUri, scope, state },
      code_challenge: codeChallengeOf(codeVerifier),
      code_challenge_method: 'S256',
      ...more,
    }).toString();
    return url.href;
  }

  /** Whose mailbox, its tokens, and whether they let us send. */
  async exchange(
    provider: MailProvider,
    code: string,
    codeVerifier: string,
  ): Promise<{ address: string | undefined; maySend: boolean; tokens: GrantTokens }> {
    const facts = this.facts(provider);
    const form = {
      grant_type: 'authorization_code',
      code,
      code_verifier: codeVerifier,
      redirect_uri: this.redirectUri,
    };
    const answer = await this.post(facts, form);
    const tokens = tokensOf(answer, facts.label, null, this.clock.now());
    const maySend = givesScope(answer.body, facts.mailScope);
    return { address: addressOf(answer.body, facts.clientId), maySend, tokens };
  }

  async refresh(provider: MailProvider, refreshToken: string): Promise<GrantTokens> {
    const facts = this.facts(provider);
    const answer = await this.post(facts, { grant_type: 'refresh_token', refresh_token: refreshToken });
    return tokensOf(answer, facts.label, refreshToken, this.clock.now());
  }

  private get redirectUri(): string {
    return `${this.config.publicUrl}${CALLBACK_PATH}`;
  }

  private async post(facts: ProviderFacts, form: Record<string, string>): Promise<TokenAnswer> {
    const { clientId, clientSecret, tokenUrl, label } = facts;
    try {
      const response = await fetch(tokenUrl, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams({ ...form, client_id: clientId, client_secret: clientSecret }),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = (await response.text()).slice(0, ANSWER_MAX);
      return { status: response.status, body: jsonOf(text) };
    } catch {
      // What fetch says could name the address only; the cause is of no use to whoever waits.
      throw new MailTokenError(450, `${label} cannot be reached at this moment: it is tried again.`);
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
