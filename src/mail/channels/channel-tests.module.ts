import { Module } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { SendersModule } from '../../command-center/senders/senders.module.js';
import { MailAccountsModule } from '../accounts/mail-accounts.module.js';
import { ChannelAccess } from './channel-access.js';
import { ChannelTestsController } from './channel-tests.controller.js';
import { ChannelTests } from './channel-tests.service.js';
import { IdentityCodes } from './identity-codes.service.js';

/** Talks with the mail servers of the channels while somebody waits. */
@Module({
  imports: [AccountsModule, MailAccountsModule, SendersModule],
  controllers: [ChannelTestsController],
  providers: [ChannelAccess, ChannelTests, IdentityCodes],
  exports: [ChannelAccess],
})
export class ChannelTestsModule {}
