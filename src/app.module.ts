import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsModule } from './accounts/accounts.module.js';
import { EmailsModule } from './command-center/emails/emails.module.js';
import { LiveModule } from './command-center/live/live.module.js';
import { FilesModule } from './command-center/files/files.module.js';
import { PeopleModule } from './command-center/people/people.module.js';
import { SendersModule } from './command-center/senders/senders.module.js';
import { TasksModule } from './command-center/tasks/tasks.module.js';
import { TemplatesModule } from './command-center/templates/templates.module.js';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { MailAccountsModule } from './mail/accounts/mail-accounts.module.js';
import { ChannelTestsModule } from './mail/channels/channel-tests.module.js';
import { DispatchModule } from './mail/dispatch/dispatch.module.js';
import { TrackedContentModule } from './mail/tracked-content/tracked-content.module.js';
import { UnsubscribeModule } from './mail/unsubscribe/unsubscribe.module.js';
import { pipelines } from './pipelines.js';
import { PipelinesModule } from './platform/pipelines/pipelines.module.js';
import { PlatformModule } from './platform/platform.module.js';
import { PeopleActivityModule } from './salesforce/people-activity/people-activity.module.js';
import { SalesforcePeopleImportModule } from './salesforce/people-import/people-import.module.js';
import { SalesforceSignInModule } from './salesforce/sign-in/salesforce-sign-in.module.js';
import { SalesforceConnectionModule } from './salesforce/connection/salesforce-connection.module.js';
import { DiagnosticsModule } from './salesforce/diagnostics/diagnostics.module.js';
import { TaskSyncModule } from './salesforce/task-sync/task-sync.module.js';

/** The table of contents. */
@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config),
        PlatformModule,
        PipelinesModule.forRoot(pipelines),
        AccountsModule,
        PeopleModule,
        TasksModule,
        TemplatesModule,
        SendersModule,
        FilesModule,
        EmailsModule,
        MailAccountsModule,
        ChannelTestsModule,
        DispatchModule,
        UnsubscribeModule,
        TrackedContentModule,
        LiveModule,
        SalesforceConnectionModule,
        SalesforceSignInModule,
        TaskSyncModule,
        SalesforcePeopleImportModule,
        PeopleActivityModule,
        DiagnosticsModule,
      ],
    };
  }
}
