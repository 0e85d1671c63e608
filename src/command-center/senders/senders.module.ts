import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { Departures } from '../../accounts/hand-over/departures.js';
import { TeamData } from '../../accounts/team-data.js';
import { Clock } from '../../platform/clock/clock.js';
import { SealedColumns } from '../../platform/secrets/sealed-columns.js';
import { ChannelGrants, grantContext } from './channel-grants.repository.js';
import { ChannelListeners } from './channel-listeners.js';
import { ChannelsController } from './channels.controller.js';
import { ChannelsRepository } from './channels.repository.js';
import { channelContext, ChannelsService } from './channels.service.js';
import { HostPolicySource } from './host-policy-source.js';
import { IdentitiesController } from './identities.controller.js';
import { IdentitiesRepository } from './identities.repository.js';
import { IdentitiesService } from './identities.service.js';

/** Who mail goes out as, and by which server. */
@Module({
  imports: [AccountsModule],
  controllers: [ChannelsController, IdentitiesController],
  providers: [
    ...[ChannelsService, ChannelsRepository, ChannelGrants, ChannelListeners, HostPolicySource],
    ...[IdentitiesService, IdentitiesRepository],
  ],
  exports: [
    ...[ChannelsService, ChannelsRepository, ChannelGrants, ChannelListeners, HostPolicySource],
    ...[IdentitiesService, IdentitiesRepository],
  ],
})
export class SendersModule implements OnModuleInit {
  constructor(
    private readonly teamData: TeamData,
    private readonly sealed: SealedColumns,
    private readonly departures: Departures,
    private readonly channels: ChannelsRepository,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    // The passwords of whoever leaves are nobody's to use any more.
    this.departures.ends((tx, teamId, userId) => this.channels.removeOf(tx, teamId, userId, this.clock.now()));
    this.teamData.register({
      tables: [
        { name: 'delivery_channels', refersTo: ['users'] },
        { name: 'delivery_channel_paces', refersTo: ['delivery_channels'] },
        { name: 'delivery_channel_grants', refersTo: ['delivery_channels'] },
        { name: 'identities', refersTo: ['users', 'delivery_channels'] },
      ],
    });
    for (const column of ['refresh_token_sealed', 'access_token_sealed']) {
      this.sealed.register({ table: 'delivery_channel_grants', key: 'channel_id', column, context: grantContext });
    }
    this.sealed.register({
      ...{ table: 'delivery_channels', key: 'id', column: 'password_sealed', context: channelContext },
    });
  }
}
