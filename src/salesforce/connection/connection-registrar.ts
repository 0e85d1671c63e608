import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../accounts/audit/audit.js';
import { TeamsService } from '../../accounts/teams.service.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx, violatedConstraint } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { ConnectionEvents } from './connection-events.js';
import { ConnectionRepository, type ConnectionRow } from './connection.repository.js';
import { OauthClient } from './oauth-client.js';
import type { OauthAttempt } from './oauth-attempts.repository.js';
import { type Grant, signInFailed } from './sign-in.js';
import { TokenKeeper } from './token-keeper.js';

/**
 * Makes a log-in the team's connection. One org belongs to one team, and one team to one org: its links name records of
 * that org. Connecting again keeps the row, and with it everything that refers to it. Another org comes in its place only
 * where an admin said which one to leave; then the connection is a new one, and nothing of the old org holds any more.
 */
@Injectable()
export class ConnectionRegistrar {
  constructor(
    private readonly teams: TeamsService,
    private readonly connections: ConnectionRepository,
    private readonly tokens: TokenKeeper,
    private readonly oauth: OauthClient,
    private readonly events: ConnectionEvents,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  async register({ teamId, userId, actor, loginUrl, leaveOrg }: OauthAttempt, grant: Grant): Promise<void> {
    try {
      await this.transactions.run(async (tx) => {
        if (!(await this.teams.hold(tx, teamId))) throw signInFailed('The team of this log-in was deleted.');
        const present = await this.connections.lockOfTeam(tx, teamId);
        if (leaveOrg !== null && leaveOrg === grant.orgId) throw sameOrg();
        const another = present !== undefined && present.orgId !== grant.orgId;
        if (another && leaveOrg !== present.orgId) throw otherOrg(present, grant.orgId);
        if (another) await this.leave(tx, present, grant.orgId, actor);
        const kept = another ? undefined : present;
        if (kept) this.revokeReplaced(tx, kept, grant);
        const id = kept?.id ?? uuidv7();
        await this.connections.save(tx, {
          teamId,
          id,
          orgId: grant.orgId,
          loginUrl,
          instanceUrl: grant.instanceUrl,
          integrationUserId: grant.userId,
          integrationUsername: grant.username,
          accessToken: this.tokens.seal(id, grant.accessToken),
          refreshToken: grant.refreshToken === undefined ? null : this.tokens.seal(id, grant.refreshToken),
          method: grant.method,
          orgName: grant.orgName,
          isSandbox: grant.isSandbox,
          tokenGeneration: (kept?.tokenGeneration ?? 0) + 1,
          connectedBy: userId,
          connectedAt: this.clock.now(),
        });
        await this.audit.record(tx, {
          ...{ teamId, actor, action: 'salesforce.connected' },
          details: { org_id: grant.orgId, username: grant.username, login_url: loginUrl, method: grant.method },
        });
        if (!kept) await this.events.orgEntered(tx, { teamId, connectionId: id, orgId: grant.orgId });
        await this.events.connected(tx, { teamId, connectionId: id });
      });
    } catch (error) {
      const constraint = violatedConstraint(error);
      if (constraint === 'uq_salesforce_connections_org') throw new ProductError('salesforce_already_connected');
      // Two admins of a new team at once: the other one was first.
      if (constraint === 'uq_salesforce_connections_team')
        throw signInFailed('Somebody else connected at this moment.');
      throw error;
    }
  }

  /** What is no longer stored must not open the org any more. */
  private revokeReplaced(tx: Tx, { id, loginUrl, refreshToken }: ConnectionRow, grant: Grant): void {
    if (refreshToken === null) return;
    const replaced = this.tokens.open(id, refreshToken);
    if (replaced !== grant.refreshToken) tx.afterCommit(() => this.oauth.revoke(loginUrl, replaced));
  }

  private async leave(tx: Tx, present: ConnectionRow, to: string, actor: string): Promise<void> {
    const { teamId, id, orgId, loginUrl } = present;
    const details = { from: orgId, to };
    await this.audit.record(tx, { teamId, actor, action: 'salesforce.org_switched', details });
    await this.events.orgLeft(tx, { teamId, connectionId: id, orgId });
    await this.connections.remove(tx, id);
    const token = present.refreshToken ?? present.accessToken;
    if (token !== null) tx.afterCommit(() => this.oauth.revoke(loginUrl, this.tokens.open(id, token)));
  }
}

function sameOrg(): ProductError {
  const detail =
    'You logged in to the org that you want to leave: nothing was changed. Give the address of the other one.';
  return new ProductError('conflict', detail);
}

function otherOrg(present: ConnectionRow, orgId: string): ProductError {
  return new ProductError(
    'conflict',
    `This team belongs to Salesforce org ${present.orgId}, and you logged in to ${orgId}: nothing was changed. Log in to ` +
      'the first one; or, to leave it for the other, use “Switch to another org” under Salesforce.',
  );
}
