import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { TeamData } from '../../accounts/team-data.js';
import { PeopleModule } from '../people/people.module.js';
import { TemplatePreviews } from './template-previews.service.js';
import { TemplateQueries } from './template-queries.repository.js';
import { TemplatesController } from './templates.controller.js';
import { TemplatesHolding } from './templates-holding.js';
import { TemplatesService } from './templates.service.js';

/** What is written once and sent often. */
@Module({
  imports: [AccountsModule, PeopleModule],
  controllers: [TemplatesController],
  providers: [TemplatesService, TemplatePreviews, TemplateQueries, TemplatesHolding],
  exports: [TemplatesService],
})
export class TemplatesModule implements OnModuleInit {
  constructor(private readonly teamData: TeamData) {}

  onModuleInit(): void {
    this.teamData.register({
      tables: [
        { name: 'templates', refersTo: ['users'] },
        { name: 'template_favourites', refersTo: ['templates', 'users'] },
      ],
    });
  }
}
