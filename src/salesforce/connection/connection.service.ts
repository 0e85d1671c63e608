import { Injectable } from '@nestjs/common';
import { Audit } from '../../accounts/audit/audit.js';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import type { ConnectionStatus, ConnectMethod } from './connection.entity.js';
import { ConnectionEvents } from './connection-events.js';
import { ConnectionRepository, type ConnectionRow } from './connection.repository.js';
import { OauthAttempts } from './oauth-attempts.repository.js';
import { OauthClient } from './oauth-client.js';
import { TokenKeeper } from './token-keeper.js';

export interface ConnectionOverview {
  status: ConnectionStatus | 'not_connected';
  statusReason: string | null;
  paused: boolean;
  orgId: string;
  method: ConnectMethod;
  orgName: string | null;
  isSandbox: boolean | null;
  loginUrl: string;
  instanceUrl: string;
  integrationUserId: string;
  integrationUsername: string;
  connectedBy: string | null;
  connectedAt: Date;
  apiUsed: number | null;
  apiLimit: number | null;
  apiSeenAt: Date | null;
  quietUntil: Date | null;
  lastPullAt: Date | null;
}

/** What an admin sees of the connection and does with it, once it is made. */
@Injectable()
export class ConnectionService {
  constructor(
    private readonly connections: ConnectionRepository,
    private readonly attempts: OauthAttempts,
    private readonly oauth: OauthClient,
    private readonly tokens: TokenKeeper,
    private readonly events: ConnectionEvents,
    private readonly transactions: Transactions,
    private readonly audit: Audit,
  ) {}

  /** Undefined: never connected. Holds no token. */
  async overview(teamId: string): Promise<ConnectionOverview | undefined> {
    const [row] = await this.transactions.query<ConnectionOverview>(
      `SELECT c.status, c.status_reason AS "statusReason", c.paused, c.org_id AS "orgId", c.method, c.org_name AS "orgName", c.is_sandbox AS "isSandbox", c.login_url AS "loginUrl",
              c.instance_url AS "instanceUrl", c.integration_user_id AS "integrationUserId",
              c.integration_username AS "integrationUsername", c.connected_by AS "connectedBy",
              c.connected_at AS "connectedAt", s.api_used AS "apiUsed", s.api_limit AS "apiLimit",
              s.api_seen_at AS "apiSeenAt", s.quiet_until AS "quietUntil", s.last_pull_at AS "lastPullAt"
       FROM salesforce_connections c
       LEFT JOIN salesforce_org_states s ON s.team_id = c.team_id AND s.connection_id = c.id
       WHERE c.team_id = $1`,
      [teamId],
    );
    return row;
  }

  /** Whether our own key can connect. */
  get keyReady(): boolean {
    return this.oauth.hasKey;
  }

  /** Links and marks stay, so that the same org can be connected again. */
  async disconnect(teamId: string, actor: string): Promise<void> {
    const row = await this.transactions.run(async (tx) => {
      const present = await this.present(tx, teamId);
      const details = { org_id: present.orgId };
      await this.audit.record(tx, { teamId, actor, action: 'salesforce.disconnected', details });
      await this.end(tx, present);
      return present;
    });
    await this.revoke(row);
  }

  /** The team is deleted: no log-in under way ends well, the org is free, and its log-in is revoked after the commit. */
  async endWithTeam(tx: Tx, teamId: string): Promise<void> {
    await this.attempts.giveUp(tx, teamId);
    const row = await this.connections.lockOfTeam(tx, teamId);
    if (!row || row.status === 'disconnected') return;
    await this.end(tx, row);
    tx.afterCommit(() => this.revoke(row));
  }

  /** The switch for all sync of the team. */
  async pause(teamId: string, actor: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const { id, paused } = await this.present(tx, teamId);
      if (paused) return;
      await this.connections.setPaused(tx, id, true);
      await this.audit.record(tx, { teamId, actor, action: 'salesforce.paused' });
      await this.events.stopped(tx, { teamId, connectionId: id });
    });
  }

  async resume(teamId: string, actor: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const { id, paused, status } = await this.present(tx, teamId);
      if (!paused) return;
      await this.connections.setPaused(tx, id, false);
      await this.audit.record(tx, { teamId, actor, action: 'salesforce.resumed' });
      if (status === 'connected') await this.events.connected(tx, { teamId, connectionId: id });
    });
  }

  private async end(tx: Tx, { teamId, id }: ConnectionRow): Promise<void> {
    await this.connections.disconnect(tx, id);
    await this.events.stopped(tx, { teamId, connectionId: id });
  }

  /** As far as Salesforce can be reached. */
  private async revoke({ id, loginUrl, refreshToken, accessToken }: ConnectionRow): Promise<void> {
    const token = refreshToken ?? accessToken;
    if (token !== null) await this.oauth.revoke(loginUrl, this.tokens.open(id, token));
  }

  private async present(tx: Tx, teamId: string): Promise<ConnectionRow> {
    const row = await this.connections.lockOfTeam(tx, teamId);
    if (!row || row.status === 'disconnected') throw new ProductError('salesforce_not_connected');
    return row;
  }
}
