import { Injectable } from '@nestjs/common';
import { SyncNews } from '../news/sync-news.js';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import type { ConnectionStatus, ConnectMethod } from './connection.entity.js';

/** A connection as the services need it. Tokens are sealed. */
export interface ConnectionRow {
  teamId: string;
  id: string;
  orgId: string;
  method: ConnectMethod;
  orgName: string | null;
  /** Null: not known. */
  isSandbox: boolean | null;
  loginUrl: string;
  instanceUrl: string;
  integrationUserId: string;
  integrationUsername: string;
  accessToken: string | null;
  refreshToken: string | null;
  tokenGeneration: number;
  status: ConnectionStatus;
  statusReason: string | null;
  paused: boolean;
  connectedBy: string | null;
  connectedAt: Date;
}

const COLUMNS = `team_id AS "teamId", id, org_id AS "orgId", method, org_name AS "orgName", is_sandbox AS "isSandbox", login_url AS "loginUrl", instance_url AS "instanceUrl",
  integration_user_id AS "integrationUserId", integration_username AS "integrationUsername",
  access_token AS "accessToken", refresh_token AS "refreshToken", token_generation AS "tokenGeneration", status,
  status_reason AS "statusReason", paused, connected_by AS "connectedBy", connected_at AS "connectedAt"`;

/** Sealed tokens of the next generation. */
export interface StoredTokens {
  accessToken: string;
  refreshToken: string | null;
  instanceUrl: string;
}

@Injectable()
export class ConnectionRepository {
  constructor(
    private readonly transactions: Transactions,
    private readonly news: SyncNews,
  ) {}

  async byId(id: string): Promise<ConnectionRow | undefined> {
    const sql = `SELECT ${COLUMNS} FROM salesforce_connections WHERE id = $1`;
    return (await this.transactions.query<ConnectionRow>(sql, [id]))[0];
  }

  async ofTeam(teamId: string): Promise<ConnectionRow | undefined> {
    const sql = `SELECT ${COLUMNS} FROM salesforce_connections WHERE team_id = $1`;
    return (await this.transactions.query<ConnectionRow>(sql, [teamId]))[0];
  }

  /** Waits for whoever holds it. Not FOR UPDATE, which would make everybody wait who writes a row that refers to it. */
  async lock(tx: Tx, id: string): Promise<ConnectionRow | undefined> {
    const sql = `SELECT ${COLUMNS} FROM salesforce_connections WHERE id = $1 FOR NO KEY UPDATE`;
    return (await tx.query<ConnectionRow>(sql, [id]))[0];
  }

  async lockOfTeam(tx: Tx, teamId: string): Promise<ConnectionRow | undefined> {
    const sql = `SELECT ${COLUMNS} FROM salesforce_connections WHERE team_id = $1 FOR NO KEY UPDATE`;
    return (await tx.query<ConnectionRow>(sql, [teamId]))[0];
  }

  /** Makes the tokens of `generation` those of the next one; nothing if somebody else did. */
  async storeTokens(
    on: Pick<Tx, 'query'> | Transactions,
    id: string,
    generation: number,
    tokens: StoredTokens,
  ): Promise<void> {
    await on.query(
      `UPDATE salesforce_connections
       SET access_token = $3, refresh_token = $4, instance_url = $5, token_generation = token_generation + 1
       WHERE id = $1 AND token_generation = $2`,
      [id, generation, tokens.accessToken, tokens.refreshToken, tokens.instanceUrl],
    );
  }

  async stop(tx: Tx, id: string, reason: string): Promise<void> {
    await this.changeStatus(tx, `status = 'stopped', status_reason = $2`, [id, reason]);
  }

  async setPaused(tx: Tx, id: string, paused: boolean): Promise<void> {
    await this.changeStatus(tx, 'paused = $2', [id, paused]);
  }

  async disconnect(tx: Tx, id: string): Promise<void> {
    await this.changeStatus(
      tx,
      `status = 'disconnected', status_reason = NULL, access_token = NULL, refresh_token = NULL,
       token_generation = token_generation + 1`,
      [id],
    );
  }

  /** A new connection with the state of its org loop, or an old one with new tokens. */
  async save(tx: Tx, row: Omit<ConnectionRow, 'status' | 'statusReason' | 'paused'>): Promise<void> {
    await tx.query(
      `INSERT INTO salesforce_connections
         (team_id, id, org_id, login_url, instance_url, integration_user_id, integration_username,
          access_token, refresh_token, token_generation, status, connected_by, connected_at, method, org_name, is_sandbox)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'connected', $11, $12, $13, $14, $15)
       ON CONFLICT (team_id, id) DO UPDATE SET
         login_url = excluded.login_url, instance_url = excluded.instance_url,
         integration_user_id = excluded.integration_user_id, integration_username = excluded.integration_username,
         access_token = excluded.access_token, refresh_token = excluded.refresh_token,
         token_generation = excluded.token_generation, status = 'connected', status_reason = NULL,
         connected_by = excluded.connected_by, connected_at = excluded.connected_at, method = excluded.method,
         org_name = excluded.org_name, is_sandbox = excluded.is_sandbox`,
      [
        ...[row.teamId, row.id, row.orgId, row.loginUrl, row.instanceUrl, row.integrationUserId],
        ...[row.integrationUsername, row.accessToken, row.refreshToken, row.tokenGeneration],
        ...[row.connectedBy, row.connectedAt, row.method, row.orgName, row.isSandbox],
      ],
    );
    await tx.query(
      `INSERT INTO salesforce_org_states (team_id, connection_id) VALUES ($1, $2)
       ON CONFLICT (team_id, connection_id) DO UPDATE SET quiet_until = NULL, org_schema = NULL, org_schema_at = NULL`,
      [row.teamId, row.id],
    );
    this.news.status(tx, row.teamId);
  }

  /** With its org loop's state. The team has none from here on. */
  async remove(tx: Tx, id: string): Promise<void> {
    await tx.query('DELETE FROM salesforce_connections WHERE id = $1', [id]);
  }

  private async changeStatus(tx: Tx, changes: string, parameters: unknown[]): Promise<void> {
    const rows = await tx.query<{ teamId: string }>(
      `UPDATE salesforce_connections SET ${changes} WHERE id = $1 RETURNING team_id AS "teamId"`,
      parameters,
    );
    for (const { teamId } of rows) this.news.status(tx, teamId);
  }
}
