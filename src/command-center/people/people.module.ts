import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { Departures } from '../../accounts/hand-over/departures.js';
import { OwnedRows } from '../../accounts/hand-over/owned-rows.js';
import { TeamData } from '../../accounts/team-data.js';
import { OtherBodies } from '../../platform/http/other-bodies.js';
import { SealedColumns } from '../../platform/secrets/sealed-columns.js';
import { BlockedDomainsController } from './blocked-domains.controller.js';
import { BlockedDomainsService } from './blocked-domains.service.js';
import { GroupsController } from './groups.controller.js';
import { Groups, NAME_FOR_HEIR } from './groups.repository.js';
import { GroupsService } from './groups.service.js';
import { PeopleExport } from './people-export.js';
import { PeopleExportController } from './people-export.controller.js';
import { PeopleFacts } from './people-facts.js';
import { PersonAuthorizationsController } from './authorization/person-authorizations.controller.js';
import { PersonAuthorizationsService } from './authorization/person-authorizations.service.js';
import { contextOfErasureKey, ErasedUnsubscribes } from './erase/erased-unsubscribes.js';
import { PeopleEraseController } from './erase/people-erase.controller.js';
import { PeopleEraseService } from './erase/people-erase.service.js';
import { PeopleMergeController } from './merge/people-merge.controller.js';
import { PeopleMergeService } from './merge/people-merge.service.js';
import { PersonNotesController } from './notes/person-notes.controller.js';
import { PersonNotes } from './notes/person-notes.repository.js';
import { PersonNotesService } from './notes/person-notes.service.js';
import { PersonAddressesController } from './person-addresses.controller.js';
import { PersonAddressesService } from './person-addresses.service.js';
import { PersonGuard } from './person-guard.js';
import { PersonHoldings } from './person-holdings.js';
import { PersonRecordsAside } from './person-records-aside.js';
import { PeopleController } from './people.controller.js';
import { PeopleDirectory } from './people-directory.js';
import { PeopleInvolvement } from './people-involvement.js';
import { PeopleQueries } from './people-queries.repository.js';
import { PeopleService } from './people.service.js';
import { OWN_SOURCES } from './timeline/own-sources.js';
import { PersonTimelineController } from './timeline/person-timeline.controller.js';
import { PersonTimeline } from './timeline/person-timeline.service.js';
import { TimelineSources } from './timeline/timeline-sources.js';
import { UnsubscribesController } from './unsubscribes.controller.js';
import { ImportIntake } from './imports/import-intake.js';
import { PeopleImportPipeline } from './imports/people-import-pipeline.js';
import { PeopleImportsController } from './imports/people-imports.controller.js';
import { PeopleImports } from './imports/people-imports.repository.js';
import { PeopleImportsService } from './imports/people-imports.service.js';
import { PeopleUpserts } from './imports/people-upserts.js';
import { Unsubscribes } from './unsubscribes.js';
import { UnsubscribesService } from './unsubscribes.service.js';

/** Prospects: by hand, and from their records in Salesforce. */
@Module({
  imports: [AccountsModule],
  controllers: [
    PeopleController,
    UnsubscribesController,
    PersonAddressesController,
    PersonNotesController,
    PersonAuthorizationsController,
    PersonTimelineController,
    PeopleMergeController,
    PeopleEraseController,
    BlockedDomainsController,
    GroupsController,
    PeopleImportsController,
    PeopleExportController,
  ],
  providers: [
    ...[PeopleService, PeopleDirectory, PeopleQueries, PeopleInvolvement, PersonRecordsAside],
    ...[PersonGuard, PersonAddressesService, PersonNotes, PersonNotesService, PersonAuthorizationsService],
    ...[TimelineSources, PersonTimeline],
    ...[PersonHoldings, PeopleMergeService, PeopleEraseService, ErasedUnsubscribes],
    ...[PeopleFacts, Unsubscribes, UnsubscribesService, BlockedDomainsService, Groups, GroupsService],
    ...[PeopleImports, PeopleImportsService, PeopleImportPipeline, PeopleUpserts, ImportIntake, PeopleExport],
  ],
  exports: [
    PeopleService,
    PeopleDirectory,
    PeopleInvolvement,
    PersonHoldings,
    TimelineSources,
    PersonRecordsAside,
    PeopleFacts,
    ImportIntake,
    PeopleImportsService,
    Unsubscribes,
    GroupsService,
  ],
})
export class PeopleModule implements OnModuleInit {
  constructor(
    private readonly teamData: TeamData,
    private readonly departures: Departures,
    private readonly bodies: OtherBodies,
    private readonly timeline: TimelineSources,
    private readonly sealed: SealedColumns,
  ) {}

  onModuleInit(): void {
    for (const source of OWN_SOURCES) this.timeline.register(source);
    this.bodies.take('/v1/people-imports', 'text/csv');
    this.departures.holds(new OwnedRows({ kind: 'people', table: 'people', alive: 'r.deleted_at IS NULL' }));
    this.departures.holds(new OwnedRows({ kind: 'groups', table: 'groups', also: NAME_FOR_HEIR }));
    this.sealed.register({
      ...{ table: 'erasure_keys', key: 'team_id', column: 'key_sealed', context: contextOfErasureKey },
    });
    this.teamData.register({
      tables: [
        { name: 'people', refersTo: ['users'] },
        { name: 'person_addresses', refersTo: ['people'] },
        { name: 'person_notes', refersTo: ['people'] },
        { name: 'person_authorizations', refersTo: ['people'] },
        { name: 'person_salesforce_records', refersTo: ['people'] },
        { name: 'person_unsubscribes', refersTo: ['people'] },
        { name: 'blocked_domains', refersTo: [] },
        { name: 'unsubscribed_addresses', refersTo: [] },
        { name: 'erasure_keys', refersTo: [] },
        { name: 'erased_unsubscribes', refersTo: [] },
        { name: 'groups', refersTo: ['users'] },
        { name: 'group_members', refersTo: ['groups', 'people'] },
        { name: 'people_imports', refersTo: ['users'] },
        { name: 'people_import_rows', refersTo: ['people_imports'] },
      ],
    });
  }
}
