import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../../accounts/access.js';
import { PageQuery } from '../../../platform/http/page.js';
import { UuidParam } from '../../../platform/http/uuid-param.js';
import { PersonView } from '../people.dto.js';
import { AuthorizationPage, SetAuthorization } from './person-authorization.dto.js';
import { PersonAuthorizationsService } from './person-authorizations.service.js';

@ApiTags('people')
@Controller('v1/people/:id')
export class PersonAuthorizationsController {
  constructor(private readonly authorizations: PersonAuthorizationsService) {}

  /** Says on what ground the team writes to the person; takes the place of what was said before */
  @Put('authorization')
  @Access({ role: 'member', scope: 'people:write' })
  set(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Body() body: SetAuthorization,
  ): Promise<PersonView> {
    return this.authorizations.set(principal, id, body);
  }

  /** There is no ground any more; the history stays */
  @Delete('authorization')
  @HttpCode(204)
  @Access({ role: 'member', scope: 'people:write' })
  clear(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<void> {
    return this.authorizations.clear(principal, id);
  }

  /** Who said what when, newest first */
  @Get('authorizations')
  @Access({ role: 'member', scope: 'people:read' })
  history(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Query() query: PageQuery,
  ): Promise<AuthorizationPage> {
    return this.authorizations.history(principal, id, query);
  }
}
