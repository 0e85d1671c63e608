import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { TeamData } from '../../accounts/team-data.js';
import { EmailListeners } from '../../command-center/emails/email-listeners.js';
import { EmailsModule } from '../../command-center/emails/emails.module.js';
import { ChannelListeners } from '../../command-center/senders/channel-listeners.js';
import { FilesModule } from '../../command-center/files/files.module.js';
import { SendersModule } from '../../command-center/senders/senders.module.js';
import { WakeUps } from '../../platform/pipelines/wake-ups.js';
import { ChannelTestsModule } from '../channels/channel-tests.module.js';
import { TrackedContentModule } from '../tracked-content/tracked-content.module.js';
import { UnsubscribeModule } from '../unsubscribe/unsubscribe.module.js';
import { Claims } from './claims.js';
import { DISPATCH, Dispatch } from './dispatch.js';
import { DispatchRepository } from './dispatch.repository.js';
import { PaceRepository } from './pace.repository.js';
import { Sender } from './sender.js';

/** Emails leave, when their time has come. */
@Module({
  imports: [
    AccountsModule,
    EmailsModule,
    FilesModule,
    SendersModule,
    ChannelTestsModule,
    UnsubscribeModule,
    TrackedContentModule,
  ],
  providers: [Dispatch, DispatchRepository, PaceRepository, Claims, Sender],
})
export class DispatchModule implements OnModuleInit {
  constructor(
    private readonly emails: EmailListeners,
    private readonly channels: ChannelListeners,
    private readonly repository: DispatchRepository,
    private readonly wakeUps: WakeUps,
    private readonly teamData: TeamData,
  ) {}

  onModuleInit(): void {
    this.emails.register((tx, _teamId, written) => {
      for (const { state, channelId, dueAt } of written) {
        if (state === 'scheduled' && channelId && dueAt) this.wakeUps.wakeAfterCommit(tx, DISPATCH, channelId, dueAt);
      }
    });
    this.channels.register((tx, _teamId, channelId) => this.wakeUps.wakeAfterCommit(tx, DISPATCH, channelId));
    this.teamData.register({
      tables: [],
      lanes: async (tx, teamId) =>
        (await this.repository.channelIds(tx, teamId)).map((lane) => ({ pipeline: DISPATCH, lane })),
    });
  }
}
