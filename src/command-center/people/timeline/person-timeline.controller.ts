import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../../accounts/access.js';
import { UuidParam } from '../../../platform/http/uuid-param.js';
import { TimelinePage, TimelineQuery } from './person-timeline.dto.js';
import { PersonTimeline } from './person-timeline.service.js';

@ApiTags('people')
@Controller('v1/people/:id/timeline')
export class PersonTimelineController {
  constructor(private readonly timeline: PersonTimeline) {}

  /** What happened between the team and a person, newest first: emails, tasks and calls, notes, unsubscribes, authorizations */
  @Get()
  @Access({ role: 'member', scope: 'people:read' })
  page(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Query() query: TimelineQuery,
  ): Promise<TimelinePage> {
    return this.timeline.page(principal, id, query);
  }
}
