import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Clock } from '../../platform/clock/clock.js';
import { ApiUsageRecorder } from '../connection/api-usage-recorder.js';
import { TokenKeeper } from '../connection/token-keeper.js';
import { SalesforceCaller } from './salesforce-caller.js';
import { SalesforceClient } from './salesforce-client.js';
import type { CallGuard, SessionSource } from './types.js';

/** Hands out the client of a team's org. One per connection and process, so that its describes are read once. */
@Injectable()
export class SalesforceClients {
  private readonly clients = new Map<string, SalesforceClient>();

  constructor(
    private readonly tokens: TokenKeeper,
    private readonly usage: ApiUsageRecorder,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * The team's client. With a guard, each HTTP request waits for it first (see CallGuard), and the requests have a
   * count of their own. Throws ProductError salesforce_not_connected when there is nothing to talk to.
   */
  async for(teamId: string, options: { guard?: CallGuard } = {}): Promise<SalesforceClient> {
    const org = await this.tokens.connectedOrg(teamId);
    let client = this.clients.get(org.connectionId);
    // Reconnected by another integration user: who "we" are there has changed.
    if (client?.integrationUserId !== org.integrationUserId) {
      client = new SalesforceClient(
        org.orgId,
        org.integrationUserId,
        this.caller(this.tokens.sessionsOf(org.connectionId), org.connectionId),
      );
      this.clients.set(org.connectionId, client);
    }
    return options.guard ? client.guardedBy(options.guard) : client;
  }

  private caller(sessions: SessionSource, connectionId: string): SalesforceCaller {
    return new SalesforceCaller(sessions, {
      version: this.config.get('SALESFORCE_API_VERSION'),
      timeoutMs: this.config.get('SALESFORCE_TIMEOUT_MS'),
      now: () => this.clock.now(),
      onLimitInfo: (usage, at) => this.usage.saw(connectionId, usage, at),
    });
  }
}
