import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { TeamData } from '../../accounts/team-data.js';
import { BlockedDomainsController } from './blocked-domains.controller.js';
import { BlockedDomainsService } from './blocked-domains.service.js';
import { PeopleFacts } from './people-facts.js';
import { PersonRecordsAside } from './person-records-aside.js';
import { PeopleController } from './people.controller.js';
import { PeopleDirectory } from './people-directory.js';
import { PeopleHolding } from './people-holding.js';
import { PeopleInvolvement } from './people-involvement.js';
import { PeopleQueries } from './people-queries.repository.js';
import { PeopleService } from './people.service.js';
import { UnsubscribesController } from './unsubscribes.controller.js';
import { Unsubscribes } from './unsubscribes.js';
import { UnsubscribesService } from './unsubscribes.service.js';

/** Prospects: by hand, and from their records in Salesforce. */
@Module({
  imports: [AccountsModule],
  controllers: [PeopleController, UnsubscribesController, BlockedDomainsController],
  providers: [
    ...[PeopleService, PeopleDirectory, PeopleQueries, PeopleInvolvement, PeopleHolding, PersonRecordsAside],
    ...[PeopleFacts, Unsubscribes, UnsubscribesService, BlockedDomainsService],
  ],
  exports: [PeopleService, PeopleDirectory, PeopleInvolvement, PersonRecordsAside, PeopleFacts, Unsubscribes],
})
export class PeopleModule implements OnModuleInit {
  constructor(private readonly teamData: TeamData) {}

  onModuleInit(): void {
    this.teamData.register({
      tables: [
        { name: 'people', refersTo: ['users'] },
        { name: 'person_salesforce_records', refersTo: ['people'] },
        { name: 'person_unsubscribes', refersTo: ['people'] },
        { name: 'blocked_domains', refersTo: [] },
      ],
    });
  }
}
