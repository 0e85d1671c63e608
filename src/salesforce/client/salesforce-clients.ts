import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Clock } from '../../platform/clock/clock.js';
import { ApiMeter } from '../api-budget/api-meter.js';
import { type ConnectedOrg, TokenKeeper } from '../connection/token-keeper.js';
import { CallLog } from './call-log.js';
import { type CallerOptions, SalesforceCaller } from './salesforce-caller.js';
import { SalesforceClient } from './salesforce-client.js';

/** Hands out the client of a team's org. One per connection and process, so that its describes are read once. */
@Injectable()
export class SalesforceClients {
  private readonly clients = new Map<string, SalesforceClient>();

  constructor(
    private readonly tokens: TokenKeeper,
    private readonly meter: ApiMeter,
    private readonly log: CallLog,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * The team's client; its calls are a person's unless it is guarded (see SalesforceClient.guardedBy). Throws ProductError salesforce_not_connected when there is nothing to talk to.
   */
  async for(teamId: string): Promise<SalesforceClient> {
    const org = await this.tokens.connectedOrg(teamId);
    let client = this.clients.get(org.connectionId);
    // Reconnected by another integration user: who "we" are there has changed.
    if (client?.integrationUserId !== org.integrationUserId) {
      client = new SalesforceClient(
        org.orgId,
        org.integrationUserId,
        new SalesforceCaller(this.tokens.sessionsOf(org.connectionId), this.options(org)),
      );
      this.clients.set(org.connectionId, client);
    }
    return client;
  }

  protected options({ teamId, connectionId }: ConnectedOrg): CallerOptions {
    return {
      version: this.config.get('SALESFORCE_API_VERSION'),
      timeoutMs: this.config.get('SALESFORCE_TIMEOUT_MS'),
      now: () => this.clock.now(),
      meter: this.meter.of({ teamId, connectionId }),
      seen: (call) => this.log.seen({ teamId, connectionId }, call),
    };
  }
}
