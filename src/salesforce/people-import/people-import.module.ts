import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { TeamData } from '../../accounts/team-data.js';
import { PeopleModule } from '../../command-center/people/people.module.js';
import { SalesforceClientModule } from '../client/salesforce-client.module.js';
import { SalesforceSessionsModule } from '../connection/salesforce-sessions.module.js';
import { OrgLoopModule } from '../org-loop/org-loop.module.js';
import { SalesforcePeopleImportsController } from './people-import.controller.js';
import { SalesforcePeopleImports } from './people-import.service.js';
import { PeopleReader } from './people-reader.js';
import { PeopleReads } from './people-reads.repository.js';

/** People from leads and contacts. */
@Module({
  imports: [AccountsModule, PeopleModule, SalesforceClientModule, SalesforceSessionsModule, OrgLoopModule],
  controllers: [SalesforcePeopleImportsController],
  providers: [SalesforcePeopleImports, PeopleReader, PeopleReads],
})
export class SalesforcePeopleImportModule implements OnModuleInit {
  constructor(private readonly teamData: TeamData) {}

  onModuleInit(): void {
    this.teamData.register({ tables: [{ name: 'salesforce_people_reads', refersTo: ['people_imports'] }] });
  }
}
