import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { TeamData } from '../../accounts/team-data.js';
import { SendersModule } from '../../command-center/senders/senders.module.js';
import { SealedColumns } from '../../platform/secrets/sealed-columns.js';
import { ChannelTokens } from './channel-tokens.js';
import { contextOfAttempt, MailAccountAttempts } from './mail-account-attempts.js';
import { MailAccountsController } from './mail-accounts.controller.js';
import { MailAccounts } from './mail-accounts.service.js';
import { ProviderClient } from './provider-client.js';

/** Mailboxes at Google and Microsoft. */
@Module({
  imports: [AccountsModule, SendersModule],
  controllers: [MailAccountsController],
  providers: [MailAccounts, MailAccountAttempts, ProviderClient, ChannelTokens],
  exports: [ChannelTokens],
})
export class MailAccountsModule implements OnModuleInit {
  constructor(
    private readonly teamData: TeamData,
    private readonly sealed: SealedColumns,
  ) {}

  onModuleInit(): void {
    this.teamData.register({ tables: [{ name: 'mail_account_attempts', refersTo: ['users'] }] });
    this.sealed.register({
      ...{ table: 'mail_account_attempts', key: 'state_hash', column: 'code_verifier', context: contextOfAttempt },
    });
  }
}
