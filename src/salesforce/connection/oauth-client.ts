import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Clock } from '../../platform/clock/clock.js';
import { codeChallengeOf } from '../../platform/secrets/oauth-visit.js';
import { SalesforceError } from '../client/errors.js';
import { type HttpAnswer, sendHttp } from '../client/http.js';
import { signAssertion } from './jwt-assertion.js';
import {
  readSignInAnswer,
  readTokenAnswer,
  readUserInfo,
  type SignInTokens,
  tokenCallFailed,
  type Tokens,
} from './token-answer.js';

/** Shorter than any lease: the connection's row is locked while a refresh waits for its answer. */
export const TOKEN_TIMEOUT_MS = 20_000;
const REVOKE_TIMEOUT_MS = 5_000;
const TOKEN_PATH = '/services/oauth2/token';

/** Where Salesforce sends browsers back to: these are the callback addresses of the External Client App. */
const CONNECT_PATH = '/v1/salesforce/callback';
const SIGN_IN_PATH = '/v1/sign-in/salesforce/callback';

export interface SignInSecrets {
  state: string;
  nonce: string;
  codeVerifier: string;
}

interface AuthorizeWith {
  state: string;
  codeVerifier: string;
  more: Record<string, string>;
}

/** The OAuth endpoints of Salesforce: web-server flow with PKCE, JWT bearer flow. One request each, never repeated. */
@Injectable()
export class OauthClient {
  private readonly logger = new Logger(OauthClient.name);

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Whether an org can be connected without a person. */
  get hasKey(): boolean {
    return this.configured && this.config.get('SALESFORCE_JWT_PRIVATE_KEY').length > 0;
  }

  get configured(): boolean {
    return this.config.get('SALESFORCE_CLIENT_ID') !== '';
  }

  /** Where the admin's browser goes. Without `scope` the app's own scopes are asked for. */
  authorizeUrl(loginUrl: string, state: string, codeVerifier: string): string {
    return this.authorize(loginUrl, CONNECT_PATH, { state, codeVerifier, more: { prompt: 'login consent' } });
  }

  /** Where somebody's browser goes who signs in: only who they are is asked for. */
  signInUrl(loginUrl: string, { state, nonce, codeVerifier }: SignInSecrets): string {
    return this.authorize(loginUrl, SIGN_IN_PATH, {
      state,
      codeVerifier,
      more: { scope: 'openid profile email', nonce },
    });
  }

  async exchange(loginUrl: string, code: string, codeVerifier: string): Promise<Tokens> {
    return readTokenAnswer(await this.redeem(loginUrl, CONNECT_PATH, code, codeVerifier));
  }

  /** Who signed in, unverified, and a token to ask more about them. */
  async exchangeSignIn(loginUrl: string, code: string, codeVerifier: string): Promise<SignInTokens> {
    return readSignInAnswer(await this.redeem(loginUrl, SIGN_IN_PATH, code, codeVerifier));
  }

  /** Tokens without a person: the JWT bearer flow. There is no refresh token; another assertion renews. */
  async assert(loginUrl: string, username: string): Promise<Tokens> {
    const [key] = this.config.get('SALESFORCE_JWT_PRIVATE_KEY');
    if (!key) {
      const message = 'SALESFORCE_JWT_PRIVATE_KEY is not set';
      throw new SalesforceError({ code: 'JWT_KEY_MISSING', message, kind: 'admin' });
    }
    const clientId = this.config.get('SALESFORCE_CLIENT_ID');
    const assertion = await signAssertion(key, { clientId, username, loginUrl, now: this.clock.now() });
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
    return readTokenAnswer(await this.post(loginUrl, TOKEN_PATH, form, TOKEN_TIMEOUT_MS).catch(failed), 'jwt');
  }

  /** What Salesforce says of whoever the token belongs to (OpenID Connect Core, 5.3). */
  async userInfo(loginUrl: string, accessToken: string): Promise<Record<string, unknown>> {
    const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' };
    const url = new URL('/services/oauth2/userinfo', loginUrl).href;
    const answer = await sendHttp({ method: 'GET', url, headers }, { timeoutMs: TOKEN_TIMEOUT_MS }).catch(failed);
    return readUserInfo(answer);
  }

  async refresh(loginUrl: string, refreshToken: string): Promise<Tokens> {
    return readTokenAnswer(await this.token(loginUrl, { grant_type: 'refresh_token', refresh_token: refreshToken }));
  }

  /** Ends a log-in there, as far as Salesforce can be reached: here it has ended already. */
  async revoke(loginUrl: string, token: string): Promise<void> {
    try {
      const form = { token };
      const { statusCode } = await this.post(loginUrl, '/services/oauth2/revoke', form, REVOKE_TIMEOUT_MS);
      if (statusCode !== 200) this.logger.warn(`Salesforce answered ${statusCode} to the revocation of a log-in`);
    } catch (error) {
      const { message } = tokenCallFailed(error);
      this.logger.warn(`A Salesforce log-in could not be revoked there: ${message}`);
    }
  }

  private authorize(loginUrl: string, path: string, { state, codeVerifier, more }: AuthorizeWith): string {
    const url = new URL('/services/oauth2/authorize', loginUrl);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: this.config.get('SALESFORCE_CLIENT_ID'),
      redirect_uri: `${this.config.publicUrl}${path}`,
      state,
      code_challenge: codeChallengeOf(codeVerifier),
      code_challenge_method: 'S256',
      ...more,
    }).toString();
    return url.href;
  }

  private redeem(loginUrl: string, path: string, code: string, codeVerifier: string): Promise<HttpAnswer> {
    const grant = { grant_type: 'authorization_code', code, code_verifier: codeVerifier };
    return this.token(loginUrl, { ...grant, redirect_uri: `${this.config.publicUrl}${path}` });
  }

  private async token(loginUrl: string, form: Record<string, string>): Promise<HttpAnswer> {
    const credentials = {
      client_id: this.config.get('SALESFORCE_CLIENT_ID'),
      client_secret: this.config.get('SALESFORCE_CLIENT_SECRET'),
    };
    const all = { ...form, ...credentials };
    return this.post(loginUrl, TOKEN_PATH, all, TOKEN_TIMEOUT_MS).catch(failed);
  }

  private post(loginUrl: string, path: string, form: Record<string, string>, timeoutMs: number): Promise<HttpAnswer> {
    const body = new URLSearchParams(Object.entries(form).filter(([, value]) => value !== '')).toString();
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
      accept: 'application/json',
    };
    return sendHttp({ method: 'POST', url: new URL(path, loginUrl).href, headers, body }, { timeoutMs });
  }
}

function failed(error: unknown): never {
  throw tokenCallFailed(error);
}
