import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { TeamData } from '../../accounts/team-data.js';
import { FileHolders } from '../files/file-holders.js';
import { FilesModule } from '../files/files.module.js';
import { PeopleModule } from '../people/people.module.js';
import { TimelineSources } from '../people/timeline/timeline-sources.js';
import { SendersModule } from '../senders/senders.module.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { BatchAudience } from './batch-audience.js';
import { ColumnSetsController } from './column-sets.controller.js';
import { ColumnSetsService } from './column-sets.service.js';
import { CONTENT_ATTACHMENTS, ContentsRepository } from './contents.repository.js';
import { EmailAttachments } from './email-attachments.js';
import { EmailActions } from './email-actions.service.js';
import { EmailBatchesController } from './email-batches.controller.js';
import { BatchQueries } from './email-batches.repository.js';
import { EmailBatches } from './email-batches.service.js';
import { EmailListeners } from './email-listeners.js';
import { EmailQueries } from './email-queries.repository.js';
import { EmailReads } from './email-reads.service.js';
import { EmailScheduling } from './email-scheduling.js';
import { EmailStore } from './email-store.js';
import { EmailTasksController } from './email-tasks.controller.js';
import { EmailTasks } from './email-tasks.service.js';
import { EmailWords } from './email-words.js';
import { EmailsController } from './emails.controller.js';
import { EMAILS_ON_TIMELINE } from './emails-on-timeline.js';
import { EmailsOfPeople } from './emails-of-people.js';
import { EmailsService } from './emails.service.js';
import { FOLDER_COUNTS, FolderCounts } from './folder-counts.js';
import { AttemptsRepository } from './outgoing/attempts.repository.js';
import { LateEmails } from './outgoing/late-emails.js';
import { OutgoingClaims } from './outgoing/outgoing-claims.js';
import { OutgoingOutcomes } from './outgoing/outgoing-outcomes.js';
import { Recipients } from './recipients.js';
import { SentAddresses } from './sent-addresses.js';
import { SenderChoice } from './sender-choice.js';
import { TemplateFiguresController } from './template-figures.controller.js';
import { TemplateFigures } from './template-figures.service.js';

/** What reps write: emails by their folders, single and bulk. */
@Module({
  imports: [AccountsModule, FilesModule, PeopleModule, TasksModule, TemplatesModule, SendersModule],
  // The first has paths that look like ids to the second.
  controllers: [
    ...[ColumnSetsController, EmailsController, EmailBatchesController, EmailTasksController],
    TemplateFiguresController,
  ],
  providers: [
    ...[EmailsOfPeople, EmailTasks, ColumnSetsService, TemplateFigures],
    ...[EmailsService, EmailBatches, EmailActions, EmailReads, EmailScheduling, EmailWords, BatchAudience],
    ...[EmailStore, EmailListeners, EmailQueries, BatchQueries, ContentsRepository, Recipients, SenderChoice],
    ...[
      EmailAttachments,
      SentAddresses,
      FolderCounts,
      LateEmails,
      AttemptsRepository,
      OutgoingClaims,
      OutgoingOutcomes,
      LateEmails,
    ],
  ],
  exports: [
    ...[EmailStore, EmailListeners, EmailAttachments, SentAddresses, ContentsRepository],
    ...[AttemptsRepository, OutgoingClaims, OutgoingOutcomes, LateEmails],
  ],
})
export class EmailsModule implements OnModuleInit {
  constructor(
    private readonly teamData: TeamData,
    private readonly fileHolders: FileHolders,
    private readonly timeline: TimelineSources,
  ) {}

  onModuleInit(): void {
    this.timeline.register(EMAILS_ON_TIMELINE);
    this.fileHolders.register(CONTENT_ATTACHMENTS.name);
    this.teamData.register({
      tables: [
        { name: 'email_contents', refersTo: [] },
        { name: CONTENT_ATTACHMENTS.name, refersTo: ['email_contents', 'files'] },
        { name: 'email_batches', refersTo: ['users', 'email_contents'] },
        {
          name: 'emails',
          refersTo: ['users', 'people', 'email_batches', 'email_contents', 'delivery_channels', 'identities'],
        },
        { name: 'email_tasks', refersTo: ['emails', 'tasks'] },
        { name: 'email_attempts', refersTo: ['emails', 'delivery_channels'] },
        { name: 'email_events', refersTo: ['emails'] },
        { name: 'email_column_sets', refersTo: ['users'] },
        { name: 'email_folder_counts', refersTo: ['users'] },
        { name: 'email_folder_changes', refersTo: ['users'] },
      ],
      lanes: (_tx, teamId) => Promise.resolve([{ pipeline: FOLDER_COUNTS, lane: teamId }]),
    });
  }
}
