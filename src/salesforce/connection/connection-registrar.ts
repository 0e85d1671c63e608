import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../accounts/audit/audit.js';
import { TeamsService } from '../../accounts/teams.service.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, violatedConstraint } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { ConnectionEvents } from './connection-events.js';
import { ConnectionRepository, type ConnectionRow } from './connection.repository.js';
import type { OauthAttempt } from './oauth-attempts.repository.js';
import { type Grant, signInFailed } from './sign-in.js';
import { TokenKeeper } from './token-keeper.js';

/**
 * Makes a log-in the team's connection. One org belongs to one team, and one team to one org for good: its links name
 * records of that org. Connecting again keeps the row, and with it everything that refers to it.
 */
@Injectable()
export class ConnectionRegistrar {
  constructor(
    private readonly teams: TeamsService,
    private readonly connections: ConnectionRepository,
    private readonly tokens: TokenKeeper,
    private readonly events: ConnectionEvents,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  async register({ teamId, userId, actor, loginUrl }: OauthAttempt, grant: Grant): Promise<void> {
    try {
      await this.transactions.run(async (tx) => {
        if (!(await this.teams.hold(tx, teamId))) throw signInFailed('The team of this log-in was deleted.');
        const present = await this.connections.lockOfTeam(tx, teamId);
        if (present && present.orgId !== grant.orgId) throw otherOrg(present, grant.orgId);
        const id = present?.id ?? uuidv7();
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
          tokenGeneration: (present?.tokenGeneration ?? 0) + 1,
          connectedBy: userId,
          connectedAt: this.clock.now(),
        });
        await this.audit.record(tx, {
          ...{ teamId, actor, action: 'salesforce.connected' },
          details: { org_id: grant.orgId, username: grant.username, login_url: loginUrl, method: grant.method },
        });
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
}

function otherOrg(present: ConnectionRow, orgId: string): ProductError {
  return new ProductError(
    'conflict',
    `This team belongs to Salesforce org ${present.orgId}, and you logged in to ${orgId}. Its tasks are linked to ` +
      'records of the first one, so another org cannot take its place. Log in to the first org, or use a new team.',
  );
}
