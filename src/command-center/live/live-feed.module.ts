import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { TeamData } from '../../accounts/team-data.js';
import { LiveFeed } from './live-feed.repository.js';
import { LiveHints } from './live-hints.js';
import { LivePublisher } from './live-publisher.js';

/** What changed lately: any room writes to it through LivePublisher. */
@Module({
  imports: [AccountsModule],
  providers: [LiveFeed, LiveHints, LivePublisher],
  exports: [LiveFeed, LiveHints, LivePublisher],
})
export class LiveFeedModule implements OnModuleInit {
  constructor(private readonly teamData: TeamData) {}

  onModuleInit(): void {
    this.teamData.register({ tables: [{ name: 'live_events', refersTo: [] }] });
  }
}
