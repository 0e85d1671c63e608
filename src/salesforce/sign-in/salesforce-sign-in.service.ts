import { Injectable, Logger } from '@nestjs/common';
import type { JWTVerifyGetKey } from 'jose';
import { type OpenedSession, SessionsService } from '../../accounts/sessions/sessions.service.js';
import { Config } from '../../config/config.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import { SalesforceError } from '../client/errors.js';
import { allowedLoginUrl } from '../connection/login-url.js';
import { OauthClient } from '../connection/oauth-client.js';
import { IdTokenError, issuerOf, keysOf, type SalesforceIdentity, verifyIdToken } from './id-token.js';
import { IdentityUsers, type MatchedUser, type OurUser } from './identity-users.repository.js';
import { ownPath } from './own-path.js';
import { type SignInProblem, SignInRefused } from './sign-in-problem.js';
import { SignInTickets, type Ticket } from './sign-in-ticket.js';

/** What Salesforce sends the browser back with. */
export interface BackFromSalesforce {
  code: string | undefined;
  state: string | undefined;
  error: string | undefined;
}

export interface SignedInWithSalesforce {
  session: OpenedSession;
  returnTo: string;
}

/** Signing in with Salesforce as identity provider (OpenID Connect Core 1.0, authorization code flow with PKCE). */
@Injectable()
export class SalesforceSignInService {
  private readonly logger = new Logger(SalesforceSignInService.name);
  private readonly keys = new Map<string, JWTVerifyGetKey>();

  constructor(
    private readonly oauth: OauthClient,
    private readonly tickets: SignInTickets,
    private readonly users: IdentityUsers,
    private readonly sessions: SessionsService,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  get offered(): boolean {
    return this.oauth.configured;
  }

  /** Where to send the browser, and what it has to bring back. */
  begin(returnTo: string | undefined): { url: string; sealed: string } {
    if (!this.offered) throw new SignInRefused('not_offered');
    const hosts = this.config.get('SALESFORCE_LOGIN_HOSTS');
    const usual = this.config.get('SALESFORCE_SIGN_IN_URL') || (hosts[0] ?? '');
    const loginUrl = allowedLoginUrl(usual, hosts);
    if (loginUrl === undefined) throw new SignInRefused('host_refused');
    const { ticket, sealed } = this.tickets.issue(loginUrl, ownPath(returnTo));
    return { url: this.oauth.signInUrl(loginUrl, ticket), sealed };
  }

  /** Throws `SignInRefused`. Whoever it is, nobody is made a user by it. */
  async finish(
    back: BackFromSalesforce,
    sealed: string | undefined,
    userAgent: string,
  ): Promise<SignedInWithSalesforce> {
    const ticket = this.tickets.redeem(sealed, back.state);
    if (!ticket) throw new SignInRefused('expired');
    if (back.code === undefined) throw new SignInRefused(back.error === 'access_denied' ? 'denied' : 'failed');
    const who = await this.whoCame(ticket, back.code);
    const session = await this.transactions.run((tx) =>
      this.sessions.open(tx, { ...who, method: 'salesforce', userAgent }),
    );
    return { session, returnTo: ticket.returnTo };
  }

  private async whoCame(ticket: Ticket, code: string): Promise<OurUser> {
    try {
      const { accessToken, idToken } = await this.oauth.exchangeSignIn(ticket.loginUrl, code, ticket.codeVerifier);
      try {
        const identity = await this.verified(idToken, ticket);
        return await this.ours(identity, ticket.loginUrl, accessToken);
      } finally {
        // Nobody is called in their name: what was given for this ends with it.
        void this.oauth.revoke(ticket.loginUrl, accessToken);
      }
    } catch (error) {
      throw this.refusalOf(error);
    }
  }

  private async verified(idToken: string, { nonce }: Ticket): Promise<SalesforceIdentity> {
    const issuer = issuerOf(idToken, this.config.get('SALESFORCE_LOGIN_HOSTS'));
    const keys = this.keys.get(issuer) ?? keysOf(issuer);
    const expected = { audience: this.config.get('SALESFORCE_CLIENT_ID'), nonce, now: this.clock.now() };
    const identity = await verifyIdToken(idToken, keys, issuer, expected);
    this.keys.set(issuer, keys);
    return identity;
  }

  private async ours(identity: SalesforceIdentity, loginUrl: string, accessToken: string): Promise<OurUser> {
    const matched = await this.users.matched(this.transactions, identity);
    if (matched?.byAdmin) return matched;
    if (!(await this.users.isConnected(this.transactions, identity.orgId))) throw new SignInRefused('org_unknown');
    const claims = await this.oauth.userInfo(loginUrl, accessToken);
    if (claims['sub'] !== identity.subject) throw new IdTokenError('userinfo is about somebody else.');
    const email = verifiedEmail(claims);
    if (email === undefined) throw new SignInRefused('user_unknown');
    // What the matching found alone lets nobody in: whoever can name themselves like a colleague would come in as them.
    if (matched) return sameAddress(matched, email);
    const addressed = await this.users.addressed(this.transactions, identity, email);
    if (!addressed) throw new SignInRefused('user_unknown');
    return addressed;
  }

  private refusalOf(error: unknown): SignInRefused {
    if (error instanceof SignInRefused) return error;
    const reason = error instanceof Error ? error.message : String(error);
    this.logger.warn({ reason }, 'a sign-in with Salesforce failed');
    return new SignInRefused(problemOf(error));
  }
}

/** Pure: the address, where Salesforce has verified it; in lower case, as ours are. */
function verifiedEmail({ email, email_verified: isVerified }: Record<string, unknown>): string | undefined {
  return typeof email === 'string' && isVerified === true ? email.toLowerCase() : undefined;
}

function sameAddress(matched: MatchedUser, email: string): OurUser {
  if (matched.email !== email) throw new SignInRefused('user_unknown');
  return matched;
}

function problemOf(error: unknown): SignInProblem {
  if (error instanceof IdTokenError) return 'failed';
  return error instanceof SalesforceError && error.kind !== 'retry' ? 'failed' : 'unavailable';
}
