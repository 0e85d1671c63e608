import { randomBytes } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Config } from '../../config/config.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, violatedConstraint } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import { SalesforceError } from '../client/errors.js';
import { asProductError } from '../client/product-error.js';
import { SalesforceCaller } from '../client/salesforce-caller.js';
import { SalesforceClient } from '../client/salesforce-client.js';
import { idLiteral } from '../client/soql.js';
import type { Session } from '../client/types.js';
import { ConnectionEvents } from './connection-events.js';
import { ConnectionRepository, type ConnectionRow } from './connection.repository.js';
import { allowedInstanceUrl, allowedLoginUrl } from './login-url.js';
import { OauthClient } from './oauth-client.js';
import { hashOf, type OauthAttempt, OauthAttempts } from './oauth-attempts.repository.js';
import type { Tokens } from './token-answer.js';
import { TokenKeeper } from './token-keeper.js';

const ATTEMPT_LIFE_MS = 10 * 60_000;
const PERSON_WAITS_MS = 20_000;

/** What Salesforce sends the browser back with. */
export interface CallbackQuery {
  code: string | undefined;
  state: string | undefined;
  error: string | undefined;
}

/** Tokens, and who they belong to. */
interface Grant extends Tokens {
  refreshToken: string;
  username: string;
}

/** The web-server flow: sends an admin to Salesforce and takes them back. */
@Injectable()
export class ConnectService {
  private readonly logger = new Logger(ConnectService.name);

  constructor(
    private readonly attempts: OauthAttempts,
    private readonly connections: ConnectionRepository,
    private readonly oauth: OauthClient,
    private readonly tokens: TokenKeeper,
    private readonly events: ConnectionEvents,
    private readonly secrets: SecretBox,
    private readonly transactions: Transactions,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** The address to send the admin's browser to. */
  async begin(teamId: string, userId: string | null, askedUrl: string | undefined): Promise<string> {
    if (!this.oauth.configured) {
      const todo = 'Set SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET to those of your External Client App.';
      throw new ProductError('salesforce_sign_in_failed', todo);
    }
    const loginUrl = await this.loginUrl(teamId, askedUrl);
    const state = randomBytes(32).toString('base64url');
    const codeVerifier = randomBytes(48).toString('base64url');
    const stateHash = hashOf(state);
    const now = this.clock.now();
    await this.attempts.add(
      stateHash,
      {
        teamId,
        userId,
        loginUrl,
        codeVerifier: this.secrets.seal(codeVerifier, contextOf(stateHash)),
        expiresAt: new Date(now.getTime() + ATTEMPT_LIFE_MS),
      },
      now,
    );
    return this.oauth.authorizeUrl(loginUrl, state, codeVerifier);
  }

  /** The browser is back. Each state works once, whatever comes of it. */
  async finish(query: CallbackQuery): Promise<void> {
    const stateHash = hashOf(query.state ?? '');
    const attempt = await this.attempts.take(stateHash);
    if (!attempt || attempt.expiresAt <= this.clock.now()) {
      throw refused('This log-in is over: it was used already, or took longer than ten minutes. Begin again.');
    }
    if (query.code === undefined) throw refused(reasonOf(query));
    if (!(await this.attempts.mayFinish(attempt))) throw refused('Who began this log-in is no admin any more.');
    const verifier = this.secrets.open(attempt.codeVerifier, contextOf(stateHash));
    const grant = await this.grant(attempt, query.code, verifier);
    try {
      await this.store(attempt, grant);
    } catch (error) {
      await this.revoke(attempt.loginUrl, grant.refreshToken);
      throw error;
    }
  }

  /** Ends the log-in there, as far as it can be reached: here it has ended already. */
  async revoke(loginUrl: string, refreshToken: string): Promise<void> {
    try {
      await this.oauth.revoke(loginUrl, refreshToken);
    } catch (error) {
      const { message } = error as Error;
      this.logger.warn(`A Salesforce log-in could not be revoked there: ${message}`);
    }
  }

  private async loginUrl(teamId: string, asked: string | undefined): Promise<string> {
    const listed = this.config.get('SALESFORCE_LOGIN_HOSTS');
    const text = asked ?? (await this.connections.ofTeam(teamId))?.loginUrl ?? listed[0] ?? '';
    const allowed = allowedLoginUrl(text, listed);
    if (allowed === undefined) throw new ProductError('salesforce_login_host');
    return allowed;
  }

  private async grant(attempt: OauthAttempt, code: string, verifier: string): Promise<Grant> {
    try {
      const tokens = await this.oauth.exchange(attempt.loginUrl, code, verifier);
      const { refreshToken } = tokens;
      if (refreshToken === undefined) {
        throw refused('Salesforce gave no refresh token: add the scope refresh_token to the External Client App.');
      }
      const instanceUrl = allowedInstanceUrl(tokens.instanceUrl, this.config.get('SALESFORCE_LOGIN_HOSTS'));
      if (instanceUrl === undefined) throw refused('Salesforce names an address of the org that is not https.');
      const username = await this.usernameOf({ ...tokens, instanceUrl });
      return { ...tokens, instanceUrl, refreshToken, username };
    } catch (error) {
      if (!(error instanceof SalesforceError)) throw error;
      if (error.kind === 'stopped' || error.kind === 'admin') throw refused(`Salesforce says: ${error.message}.`);
      throw asProductError(error);
    }
  }

  /** Needs only the scope `api`, and shows at once whether the user may use it. */
  private async usernameOf(tokens: Tokens): Promise<string> {
    const session: Session = { accessToken: tokens.accessToken, instanceUrl: tokens.instanceUrl, generation: 0 };
    const caller = new SalesforceCaller(
      {
        current: () => Promise.resolve(session),
        renew: () => Promise.reject(refused('Salesforce gave a session and refuses it.')),
        refused: (_session, reason) => Promise.reject(reason),
      },
      {
        version: this.config.get('SALESFORCE_API_VERSION'),
        timeoutMs: PERSON_WAITS_MS,
        now: () => this.clock.now(),
      },
    );
    const client = new SalesforceClient(tokens.orgId, tokens.userId, caller);
    const { records } = await client.page<{ Username: string }>(
      `SELECT Username FROM User WHERE Id = ${idLiteral(tokens.userId)} LIMIT 1`,
      { purpose: 'connect', deletedToo: false },
    );
    const [user] = records;
    if (!user) throw refused('The integration user cannot see itself: give it the right to view users.');
    return user.Username;
  }

  private async store(attempt: OauthAttempt, grant: Grant): Promise<void> {
    const { teamId } = attempt;
    try {
      await this.transactions.run(async (tx) => {
        const present = await this.connections.lockOfTeam(tx, teamId);
        if (present && present.orgId !== grant.orgId) throw otherOrg(present, grant.orgId);
        const id = present?.id ?? uuidv7();
        await this.connections.save(tx, {
          teamId,
          id,
          orgId: grant.orgId,
          loginUrl: attempt.loginUrl,
          instanceUrl: grant.instanceUrl,
          integrationUserId: grant.userId,
          integrationUsername: grant.username,
          accessToken: this.tokens.seal(id, grant.accessToken),
          refreshToken: this.tokens.seal(id, grant.refreshToken),
          tokenGeneration: (present?.tokenGeneration ?? 0) + 1,
          connectedBy: attempt.userId,
          connectedAt: this.clock.now(),
        });
        await this.events.connected(tx, { teamId, connectionId: id });
      });
    } catch (error) {
      const constraint = violatedConstraint(error);
      if (constraint === 'uq_salesforce_connections_org') throw new ProductError('salesforce_already_connected');
      // Two admins of a new team at once: the other one was first.
      if (constraint === 'uq_salesforce_connections_team') throw refused('Somebody else connected at this moment.');
      throw error;
    }
  }
}

const contextOf = (stateHash: string): string => `salesforce_oauth_attempts:${stateHash}`;

function refused(detail: string): ProductError {
  return new ProductError('salesforce_sign_in_failed', detail);
}

// What Salesforce writes here passes through the browser's address: only its code is taken, not its text.
function reasonOf({ error }: CallbackQuery): string {
  if (error === 'access_denied') return 'You did not allow the access in Salesforce. Nothing was changed.';
  const code = error !== undefined && /^\w{1,60}$/.test(error) ? ` (${error})` : '';
  return `Salesforce refused the log-in${code}. Check the External Client App, its callback address above all.`;
}

function otherOrg(present: ConnectionRow, orgId: string): ProductError {
  return new ProductError(
    'conflict',
    `This team belongs to Salesforce org ${present.orgId}, and you logged in to ${orgId}. Its tasks are linked to ` +
      'records of the first one, so another org cannot take its place. Log in to the first org, or use a new team.',
  );
}
