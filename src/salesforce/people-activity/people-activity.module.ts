import { Module } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { PeopleModule } from '../../command-center/people/people.module.js';
import { SalesforceClientModule } from '../client/salesforce-client.module.js';
import { PeopleActivityController } from './people-activity.controller.js';
import { PeopleActivity } from './people-activity.service.js';

/** What Salesforce knows of a person's past. */
@Module({
  imports: [AccountsModule, PeopleModule, SalesforceClientModule],
  controllers: [PeopleActivityController],
  providers: [PeopleActivity],
})
export class PeopleActivityModule {}
