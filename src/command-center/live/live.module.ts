import { Module } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { EmailsModule } from '../emails/emails.module.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { EmailAnnouncer } from './email-announcer.js';
import { LiveController } from './live.controller.js';
import { LiveFeedModule } from './live-feed.module.js';
import { LivePolicy } from './live-policy.js';
import { LiveReader } from './live-reader.js';
import { LiveStreams } from './live-streams.js';
import { LiveTrim } from './live-trim.js';
import { TaskAnnouncer } from './task-announcer.js';

/** Pages that change by themselves. */
@Module({
  imports: [AccountsModule, TasksModule, EmailsModule, LiveFeedModule],
  controllers: [LiveController],
  providers: [LivePolicy, LiveReader, LiveStreams, LiveTrim, TaskAnnouncer, EmailAnnouncer],
})
export class LiveModule {}
