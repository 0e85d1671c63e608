import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { AsksSalesforce } from '../client/asks-salesforce.js';
import { SalesforceActivityList } from './people-activity.dto.js';
import { PeopleActivity } from './people-activity.service.js';

@ApiTags('people')
@Controller('v1/people/:id/salesforce-activity')
export class PeopleActivityController {
  constructor(private readonly activity: PeopleActivity) {}

  /** What was done with a person in Salesforce itself, read there now: one's own, for admins everybody's */
  @Get()
  @Access({ role: 'member', scope: 'salesforce:read' })
  @AsksSalesforce()
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
  ): Promise<SalesforceActivityList> {
    return { data: await this.activity.list(principal, id) };
  }
}
