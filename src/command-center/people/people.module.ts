import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { TeamData } from '../../accounts/team-data.js';
import { PersonRecordsAside } from './person-records-aside.js';
import { PeopleController } from './people.controller.js';
import { PeopleDirectory } from './people-directory.js';
import { PeopleHolding } from './people-holding.js';
import { PeopleInvolvement } from './people-involvement.js';
import { PeopleQueries } from './people-queries.repository.js';
import { PeopleService } from './people.service.js';

/** Prospects: by hand, and from their records in Salesforce. */
@Module({
  imports: [AccountsModule],
  controllers: [PeopleController],
  providers: [PeopleService, PeopleDirectory, PeopleQueries, PeopleInvolvement, PeopleHolding, PersonRecordsAside],
  exports: [PeopleService, PeopleDirectory, PeopleInvolvement, PersonRecordsAside],
})
export class PeopleModule implements OnModuleInit {
  constructor(private readonly teamData: TeamData) {}

  onModuleInit(): void {
    this.teamData.register({
      tables: [
        { name: 'people', refersTo: ['users'] },
        { name: 'person_salesforce_records', refersTo: ['people'] },
      ],
    });
  }
}
