import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { type HttpAnswer, sendHttp } from '../client/http.js';
import { readTokenAnswer, tokenCallFailed, type Tokens } from './token-answer.js';

/** Shorter than any lease: the connection's row is locked while a refresh waits for its answer. */
export const TOKEN_TIMEOUT_MS = 20_000;
const REVOKE_TIMEOUT_MS = 5_000;

/** The OAuth endpoints of Salesforce: web-server flow with PKCE. One request each, never repeated. */
@Injectable()
export class OauthClient {
  private readonly logger = new Logger(OauthClient.name);

  constructor(private readonly config: Config) {}

  get configured(): boolean {
    return this.config.get('SALESFORCE_CLIENT_ID') !== '';
  }

  /** Where the admin's browser goes. Without `scope` the app's own scopes are asked for. */
  authorizeUrl(loginUrl: string, state: string, codeVerifier: string): string {
    const url = new URL('/services/oauth2/authorize', loginUrl);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: this.config.get('SALESFORCE_CLIENT_ID'),
      redirect_uri: this.redirectUri,
      state,
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
      prompt: 'login consent',
    }).toString();
    return url.href;
  }

  async exchange(loginUrl: string, code: string, codeVerifier: string): Promise<Tokens> {
    return this.token(loginUrl, {
      grant_type: 'authorization_code',
      code,
      code_verifier: codeVerifier,
      redirect_uri: this.redirectUri,
    });
  }

  async refresh(loginUrl: string, refreshToken: string): Promise<Tokens> {
    return this.token(loginUrl, { grant_type: 'refresh_token', refresh_token: refreshToken });
  }

  /** Ends a log-in there, as far as Salesforce can be reached: here it has ended already. */
  async revoke(loginUrl: string, refreshToken: string): Promise<void> {
    try {
      const form = { token: refreshToken };
      const { statusCode } = await this.post(loginUrl, '/services/oauth2/revoke', form, REVOKE_TIMEOUT_MS);
      if (statusCode !== 200) this.logger.warn(`Salesforce answered ${statusCode} to the revocation of a log-in`);
    } catch (error) {
      const { message } = tokenCallFailed(error);
      this.logger.warn(`A Salesforce log-in could not be revoked there: ${message}`);
    }
  }

  private async token(loginUrl: string, form: Record<string, string>): Promise<Tokens> {
    const credentials = {
      client_id: this.config.get('SALESFORCE_CLIENT_ID'),
      client_secret: this.config.get('SALESFORCE_CLIENT_SECRET'),
    };
    const answer = await this.post(
      loginUrl,
      '/services/oauth2/token',
      { ...form, ...credentials },
      TOKEN_TIMEOUT_MS,
    ).catch((error: unknown) => {
      throw tokenCallFailed(error);
    });
    return readTokenAnswer(answer);
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

  private get redirectUri(): string {
    return `${this.config.publicUrl}/v1/salesforce/callback`;
  }
}
