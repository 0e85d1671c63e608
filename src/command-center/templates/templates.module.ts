import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { Departures } from '../../accounts/hand-over/departures.js';
import { OwnedRows } from '../../accounts/hand-over/owned-rows.js';
import { TeamData } from '../../accounts/team-data.js';
import { PeopleModule } from '../people/people.module.js';
import { TemplatePreviews } from './template-previews.service.js';
import { TemplateQueries } from './template-queries.repository.js';
import { TemplatesController } from './templates.controller.js';
import { TemplatesService } from './templates.service.js';

/** What is written once and sent often. */
@Module({
  imports: [AccountsModule, PeopleModule],
  controllers: [TemplatesController],
  providers: [TemplatesService, TemplatePreviews, TemplateQueries],
  exports: [TemplatesService],
})
export class TemplatesModule implements OnModuleInit {
  constructor(
    private readonly teamData: TeamData,
    private readonly departures: Departures,
  ) {}

  onModuleInit(): void {
    this.departures.holds(new OwnedRows({ kind: 'templates', table: 'templates', alive: 'r.deleted_at IS NULL' }));
    this.teamData.register({
      tables: [
        { name: 'templates', refersTo: ['users'] },
        { name: 'template_favourites', refersTo: ['templates', 'users'] },
      ],
    });
  }
}
