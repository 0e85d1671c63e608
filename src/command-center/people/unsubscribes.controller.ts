import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { PageQuery } from '../../platform/http/page.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { PersonView } from './people.dto.js';
import { ResubscribePerson, UnsubscribePage, UnsubscribePerson } from './unsubscribes.dto.js';
import { UnsubscribesService } from './unsubscribes.service.js';

@ApiTags('people')
@Controller('v1/people/:id')
export class UnsubscribesController {
  constructor(private readonly unsubscribes: UnsubscribesService) {}

  /** The person gets no commercial emails any more; what is scheduled fails with that reason */
  @Post('unsubscribe')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'people:write' })
  unsubscribe(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Body() { reason = null }: UnsubscribePerson,
  ): Promise<PersonView> {
    return this.unsubscribes.unsubscribe(principal, id, reason);
  }

  /** The person gets commercial emails again */
  @Post('resubscribe')
  @HttpCode(200)
  @Access({ role: 'admin', scope: 'people:write' })
  resubscribe(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Body() { reason }: ResubscribePerson,
  ): Promise<PersonView> {
    return this.unsubscribes.resubscribe(principal, id, reason);
  }

  /** When the person unsubscribed and came back, and how, newest first */
  @Get('unsubscribes')
  @Access({ role: 'member', scope: 'people:read' })
  history(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Query() query: PageQuery,
  ): Promise<UnsubscribePage> {
    return this.unsubscribes.history(principal, id, query);
  }
}
