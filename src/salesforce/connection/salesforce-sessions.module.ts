import { Module } from '@nestjs/common';
import { SyncNewsModule } from '../news/sync-news.module.js';
import { ConnectionEvents } from './connection-events.js';
import { ConnectionRepository } from './connection.repository.js';
import { OauthClient } from './oauth-client.js';
import { TokenKeeper } from './token-keeper.js';

/** Keeps the tokens of the connections: what the client stands on. */
@Module({
  imports: [SyncNewsModule],
  providers: [ConnectionRepository, OauthClient, TokenKeeper, ConnectionEvents],
  exports: [ConnectionRepository, OauthClient, TokenKeeper, ConnectionEvents],
})
export class SalesforceSessionsModule {}
