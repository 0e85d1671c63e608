// Keeps the tokens of the connections. Invariants:
//
//   1. One refresh at a time, over all processes: it happens under a lock on the connection's row. Who waited reads the
//      row again and takes what somebody else got (token_generation).
//   2. With rotation a refresh token works once. The new one is committed before anybody uses the access token that
//      came with it. If its answer is lost, the old one is refused next time and the connection stops: nothing is
//      guessed, and work is kept.
//      A connection by our key (JWT bearer) has none: another assertion is signed, and a lost answer costs nothing.
//   3. A session that is refused at once although it is fresh stops the connection, unless a newer one is there.
//
//   current ── row ──▶ session ── call ── 401 ──▶ renew ── lock ── newer there? ─yes─▶ take it
//                                                             └─no─▶ token call ── store, commit ──▶ use
//                                                                        └─ refused ──▶ stopped

import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Config } from '../../config/config.js';
import { sqlState, type Tx, Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import { explainSalesforceCode } from '../client/error-catalogue.js';
import { SalesforceError } from '../client/errors.js';
import type { Session, SessionSource } from '../client/types.js';
import { ConnectionEvents } from './connection-events.js';
import { ConnectionRepository, type ConnectionRow, type StoredTokens } from './connection.repository.js';
import { allowedInstanceUrl } from './login-url.js';
import { OauthClient, TOKEN_TIMEOUT_MS } from './oauth-client.js';
import type { Tokens } from './token-answer.js';

/** Who is at the other end. */
export interface ConnectedOrg {
  teamId: string;
  connectionId: string;
  orgId: string;
  integrationUserId: string;
}

const STORE_TRIES = 5;

@Injectable()
export class TokenKeeper {
  private readonly logger = new Logger(TokenKeeper.name);
  private readonly refreshing = new Map<string, Promise<Session>>();

  constructor(
    private readonly connections: ConnectionRepository,
    private readonly oauth: OauthClient,
    private readonly secrets: SecretBox,
    private readonly events: ConnectionEvents,
    private readonly transactions: Transactions,
    private readonly config: Config,
  ) {}

  async connectedOrg(teamId: string): Promise<ConnectedOrg> {
    const row = await this.connections.ofTeam(teamId);
    if (!row || row.status === 'disconnected') throw new ProductError('salesforce_not_connected');
    if (row.status === 'stopped') {
      throw new ProductError('salesforce_not_connected', row.statusReason ?? undefined);
    }
    return {
      teamId: row.teamId,
      connectionId: row.id,
      orgId: row.orgId,
      integrationUserId: row.integrationUserId,
    };
  }

  sessionsOf(connectionId: string): SessionSource {
    return {
      current: () => this.current(connectionId),
      renew: (stale) => this.renew(connectionId, stale),
      refused: (session, reason) => this.refused(connectionId, session, reason),
    };
  }

  seal(connectionId: string, token: string): string {
    return this.secrets.seal(token, contextOfConnection(connectionId));
  }

  open(connectionId: string, sealed: string): string {
    return this.secrets.open(sealed, contextOfConnection(connectionId));
  }

  private async current(connectionId: string): Promise<Session> {
    // Read each time: one index look-up against a call over the internet, and nobody uses what was taken back.
    return this.sessionOf(await this.connections.byId(connectionId));
  }

  /** In this process one at a time, so that many calls do not hold many database connections while they wait. */
  private async renew(connectionId: string, stale: Session): Promise<Session> {
    const running = this.refreshing.get(connectionId);
    if (running) {
      const session = await running;
      if (session.generation > stale.generation) return session;
      return this.renew(connectionId, stale);
    }
    const refreshing = this.refresh(connectionId, stale).finally(() => this.refreshing.delete(connectionId));
    this.refreshing.set(connectionId, refreshing);
    return refreshing;
  }

  /**
   * The one transaction with HTTP inside: the lock is what makes refreshes one at a time. It is short and bounded, by
   * the token call's time-out and by Postgres, and concerns no other row.
   */
  private async refresh(connectionId: string, stale: Session): Promise<Session> {
    // Kept over a repeat of the transaction: asking twice with the same token would end everything.
    let answer: Tokens | SalesforceError | undefined;
    let received: StoredTokens | undefined;
    let isForeign = false;
    try {
      const outcome = await this.transactions.run(async (tx) => {
        await bound(tx);
        const row = await this.connections.lock(tx, connectionId);
        const present = this.sessionOf(row);
        if (present.generation > stale.generation || !row) return present;
        const tokens = (answer ??= await this.askForTokens(row));
        if (tokens instanceof SalesforceError) return this.stop(tx, row, tokens);
        received = this.sealed(row, tokens);
        isForeign = tokens.orgId !== row.orgId;
        await this.connections.storeTokens(tx, row.id, row.tokenGeneration, received);
        if (isForeign) return this.stop(tx, row, orgChanged(row.orgId, tokens.orgId));
        return {
          accessToken: tokens.accessToken,
          instanceUrl: received.instanceUrl,
          generation: row.tokenGeneration + 1,
        };
      });
      if (outcome instanceof SalesforceError) throw outcome;
      return outcome;
    } catch (error) {
      if (received && !isForeign && !(error instanceof SalesforceError)) {
        // The database failed between the answer and the commit: these tokens are the only ones that work.
        await this.storeAfterAll(connectionId, stale.generation, received);
        return this.current(connectionId);
      }
      // Postgres gave up waiting for whoever refreshes.
      if (sqlState(error) === '55P03') throw busy();
      throw error;
    }
  }

  /** The tokens, or why there will be none any more. */
  private async askForTokens(row: ConnectionRow): Promise<Tokens | SalesforceError> {
    const { method, refreshToken } = row;
    if (method === 'web' && refreshToken === null) {
      return new SalesforceError({ code: 'INVALID_GRANT', message: 'There is no refresh token.', kind: 'stopped' });
    }
    try {
      if (method === 'jwt' || refreshToken === null) {
        return await this.oauth.assert(row.loginUrl, row.integrationUsername);
      }
      return await this.oauth.refresh(row.loginUrl, this.open(row.id, refreshToken));
    } catch (error) {
      if (error instanceof SalesforceError && error.kind === 'stopped') return error;
      throw error;
    }
  }

  private sealed(row: ConnectionRow, tokens: Tokens): StoredTokens {
    const { accessToken, refreshToken, instanceUrl } = tokens;
    return {
      accessToken: this.seal(row.id, accessToken),
      refreshToken: refreshToken === undefined ? row.refreshToken : this.seal(row.id, refreshToken),
      instanceUrl: allowedInstanceUrl(instanceUrl, this.config.get('SALESFORCE_LOGIN_HOSTS')) ?? row.instanceUrl,
    };
  }

  private async storeAfterAll(connectionId: string, generation: number, tokens: StoredTokens): Promise<void> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.connections.storeTokens(this.transactions, connectionId, generation, tokens);
      } catch (error) {
        if (tried >= STORE_TRIES) throw error;
        this.logger.warn({ connection: connectionId, tried }, 'new tokens could not be stored; trying again');
        await delay(200 * 2 ** tried);
      }
    }
  }

  private async refused(connectionId: string, session: Session, reason: SalesforceError): Promise<never> {
    const stopped = await this.transactions.run(async (tx) => {
      const row = await this.connections.lock(tx, connectionId);
      if (row?.status !== 'connected') return stoppedError(row);
      return row.tokenGeneration === session.generation ? this.stop(tx, row, reason) : undefined;
    });
    // Somebody got a newer session meanwhile: the next try uses it.
    throw stopped ?? busy();
  }

  private async stop(tx: Tx, row: ConnectionRow, reason: SalesforceError): Promise<SalesforceError> {
    const { sentence, advice } = explainSalesforceCode(reason.code);
    await this.connections.stop(tx, row.id, `${sentence} ${advice} (Salesforce: ${reason.message})`);
    await this.events.stopped(tx, { teamId: row.teamId, connectionId: row.id });
    this.logger.warn({ connection: row.id, team_id: row.teamId, code: reason.code }, 'the connection is stopped');
    return new SalesforceError({ code: reason.code, message: reason.message, kind: 'stopped', status: reason.status });
  }

  private sessionOf(row: ConnectionRow | undefined): Session {
    if (row?.status !== 'connected' || row.accessToken === null) throw stoppedError(row);
    let accessToken: string;
    try {
      accessToken = this.open(row.id, row.accessToken);
    } catch (error) {
      // Not stopped for good: with the right keys it goes on.
      const message = error instanceof Error ? error.message : 'The stored log-in does not open.';
      throw new SalesforceError({ code: 'TOKEN_UNREADABLE', message, kind: 'admin' });
    }
    return { accessToken, instanceUrl: row.instanceUrl, generation: row.tokenGeneration };
  }
}

export const contextOfConnection = (connectionId: string): string => `salesforce_connections:${connectionId}`;

async function bound(tx: Tx): Promise<void> {
  await tx.query(
    `SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true),
      set_config('idle_in_transaction_session_timeout', $3, true)`,
    [`${TOKEN_TIMEOUT_MS + 10_000}ms`, `${TOKEN_TIMEOUT_MS + 15_000}ms`, `${TOKEN_TIMEOUT_MS + 10_000}ms`],
  );
}

function stoppedError(row: ConnectionRow | undefined): SalesforceError {
  const message = row?.statusReason ?? 'Salesforce is not connected.';
  return new SalesforceError({ code: 'NOT_CONNECTED', message, kind: 'stopped' });
}

function busy(): SalesforceError {
  const message = 'Somebody else is renewing the session at this moment.';
  return new SalesforceError({ code: 'SESSION_BUSY', message, kind: 'retry' });
}

function orgChanged(before: string, after: string): SalesforceError {
  const message = `The log-in leads to org ${after} instead of ${before}.`;
  return new SalesforceError({ code: 'ORG_CHANGED', message, kind: 'stopped' });
}
