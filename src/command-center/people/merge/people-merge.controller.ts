import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../../accounts/access.js';
import { UuidParam } from '../../../platform/http/uuid-param.js';
import { PersonView } from '../people.dto.js';
import { MergePerson } from './people-merge.dto.js';
import { PeopleMergeService } from './people-merge.service.js';

@ApiTags('people')
@Controller('v1/people/:id/merge')
export class PeopleMergeController {
  constructor(private readonly merges: PeopleMergeService) {}

  /** Makes two people one; the caller may change both. Asked again, it is done already */
  @Post()
  @HttpCode(200)
  @Access({ role: 'member', scope: 'people:write' })
  merge(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Body() body: MergePerson,
  ): Promise<PersonView> {
    return this.merges.merge(principal, id, body.person_id);
  }
}
