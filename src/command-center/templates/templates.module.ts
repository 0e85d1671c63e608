import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { Departures } from '../../accounts/hand-over/departures.js';
import { OwnedRows } from '../../accounts/hand-over/owned-rows.js';
import { TeamData } from '../../accounts/team-data.js';
import { FileHolders } from '../files/file-holders.js';
import { FilesModule } from '../files/files.module.js';
import { PeopleModule } from '../people/people.module.js';
import { TemplatePreviews } from './template-previews.service.js';
import { TEMPLATE_ATTACHMENTS, TemplateQueries } from './template-queries.repository.js';
import { TemplatesController } from './templates.controller.js';
import { TemplatesService } from './templates.service.js';

/** What is written once and sent often. */
@Module({
  imports: [AccountsModule, FilesModule, PeopleModule],
  controllers: [TemplatesController],
  providers: [TemplatesService, TemplatePreviews, TemplateQueries],
  exports: [TemplatesService],
})
export class TemplatesModule implements OnModuleInit {
  constructor(
    private readonly teamData: TeamData,
    private readonly departures: Departures,
    private readonly fileHolders: FileHolders,
  ) {}

  onModuleInit(): void {
    this.fileHolders.register(TEMPLATE_ATTACHMENTS.name);
    this.departures.holds(new OwnedRows({ kind: 'templates', table: 'templates', alive: 'r.deleted_at IS NULL' }));
    this.teamData.register({
      tables: [
        { name: 'templates', refersTo: ['users'] },
        { name: 'template_favourites', refersTo: ['templates', 'users'] },
        { name: TEMPLATE_ATTACHMENTS.name, refersTo: ['templates', 'files'] },
      ],
    });
  }
}
