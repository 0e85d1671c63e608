import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Clock } from '../../platform/clock/clock.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { explainSalesforceCode } from '../client/error-catalogue.js';
import { SalesforceError } from '../client/errors.js';
import { asProductError } from '../client/product-error.js';
import { SalesforceCaller } from '../client/salesforce-caller.js';
import { SalesforceClient } from '../client/salesforce-client.js';
import { idLiteral } from '../client/soql.js';
import type { CallMeter, Session } from '../client/types.js';
import type { ConnectMethod } from './connection.entity.js';
import { allowedInstanceUrl } from './login-url.js';
import { OauthClient } from './oauth-client.js';
import type { Tokens } from './token-answer.js';

const PERSON_WAITS_MS = 20_000;

/** Tokens, and who they belong to. */
export interface Grant extends Tokens {
  method: ConnectMethod;
  /** Undefined where our key signs. */
  refreshToken: string | undefined;
  username: string;
  orgName: string | null;
  /** Null: it does not say. */
  isSandbox: boolean | null;
}

/** Turns a code into tokens that are known to work. */
@Injectable()
export class SignIn {
  constructor(
    private readonly oauth: OauthClient,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** `meter`: of the org that the team belongs to already. */
  async grant(loginUrl: string, code: string, codeVerifier: string, meter?: CallMeter): Promise<Grant> {
    return this.proven('web', meter, async () => {
      const tokens = await this.oauth.exchange(loginUrl, code, codeVerifier);
      if (tokens.refreshToken === undefined) {
        throw signInFailed('Salesforce gave no refresh token: add the scope refresh_token to the External Client App.');
      }
      return tokens;
    });
  }

  /** Without a person, in the name of an approved user. */
  async grantByKey(loginUrl: string, username: string, meter?: CallMeter): Promise<Grant> {
    return this.proven('jwt', meter, () => this.oauth.assert(loginUrl, username));
  }

  private async proven(
    method: ConnectMethod,
    meter: CallMeter | undefined,
    ask: () => Promise<Tokens>,
  ): Promise<Grant> {
    try {
      const tokens = await ask();
      const { refreshToken } = tokens;
      const instanceUrl = allowedInstanceUrl(tokens.instanceUrl, this.config.get('SALESFORCE_LOGIN_HOSTS'));
      if (instanceUrl === undefined) throw signInFailed('Salesforce names an address of the org that is not https.');
      const client = this.clientOf({ ...tokens, instanceUrl }, meter);
      const username = await usernameOf(client);
      return { ...tokens, method, instanceUrl, refreshToken, username, ...(await orgOf(client)) };
    } catch (error) {
      if (!(error instanceof SalesforceError)) throw error;
      if (error.kind === 'stopped' || error.kind === 'admin') throw signInFailed(wordsOf(error));
      throw asProductError(error);
    }
  }

  private clientOf(tokens: Tokens, meter?: CallMeter): SalesforceClient {
    const session: Session = { accessToken: tokens.accessToken, instanceUrl: tokens.instanceUrl, generation: 0 };
    const caller = new SalesforceCaller(
      {
        current: () => Promise.resolve(session),
        renew: () => Promise.reject(signInFailed('Salesforce gave a session and refuses it.')),
        refused: (_session, reason) => Promise.reject(reason),
      },
      {
        version: this.config.get('SALESFORCE_API_VERSION'),
        timeoutMs: PERSON_WAITS_MS,
        now: () => this.clock.now(),
        ...(meter ? { meter } : {}),
      },
    );
    return new SalesforceClient(tokens.orgId, tokens.userId, caller);
  }
}

const ASK = { purpose: 'connect', deletedToo: false } as const;

/** Needs only the scope `api`, and shows at once whether the user may use it. */
async function usernameOf(client: SalesforceClient): Promise<string> {
  const { records } = await client.page<{ Username: string }>(
    `SELECT Username FROM User WHERE Id = ${idLiteral(client.integrationUserId)} LIMIT 1`,
    ASK,
  );
  const [user] = records;
  if (!user) throw signInFailed('The integration user cannot see itself: give it the right to view users.');
  return user.Username;
}

/** For people to tell orgs apart: where it cannot be read, the log-in is as good. */
async function orgOf(client: SalesforceClient): Promise<Pick<Grant, 'orgName' | 'isSandbox'>> {
  const soql = 'SELECT Name, IsSandbox FROM Organization LIMIT 1';
  try {
    const [org] = (await client.page<{ Name: string; IsSandbox: boolean }>(soql, ASK)).records;
    return { orgName: org?.Name ?? null, isSandbox: org?.IsSandbox ?? null };
  } catch (error) {
    if (!(error instanceof SalesforceError)) throw error;
    return { orgName: null, isSandbox: null };
  }
}

/** Ours where Salesforce's are bare, with Salesforce's own. */
function wordsOf({ code, message }: SalesforceError): string {
  if (!/^(?:JWT_|OAUTH_APP_)/.test(code)) return `Salesforce says: ${message}.`;
  const { sentence, advice } = explainSalesforceCode(code);
  return `${sentence} ${advice} (Salesforce: ${message})`;
}

export function signInFailed(detail: string): ProductError {
  return new ProductError('salesforce_sign_in_failed', detail);
}
