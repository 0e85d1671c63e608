import { Module } from '@nestjs/common';
import { PeopleController } from './people.controller.js';
import { PeopleDirectory } from './people-directory.js';
import { PeopleInvolvement } from './people-involvement.js';
import { PeopleQueries } from './people-queries.repository.js';
import { PeopleService } from './people.service.js';

/** Prospects: by hand, and from their records in Salesforce. */
@Module({
  controllers: [PeopleController],
  providers: [PeopleService, PeopleDirectory, PeopleQueries, PeopleInvolvement],
  exports: [PeopleService, PeopleDirectory, PeopleInvolvement],
})
export class PeopleModule {}
