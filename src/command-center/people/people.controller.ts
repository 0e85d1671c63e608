import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { Idempotent } from '../../accounts/idempotency/idempotent.js';
import { IfMatch } from '../../platform/http/conditions.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { CreatePerson, PeoplePage, PeopleQuery, PersonView, UpdatePerson } from './people.dto.js';
import { PeopleService } from './people.service.js';

@ApiTags('people')
@Controller('v1/people')
export class PeopleController {
  constructor(private readonly people: PeopleService) {}

  /** People by name: one's own, those shared with the team, and those one has tasks with; admins see all */
  @Get()
  @Access({ role: 'member', scope: 'people:read' })
  list(@CurrentPrincipal() principal: Principal, @Query() query: PeopleQuery): Promise<PeoplePage> {
    return this.people.list(principal, query);
  }

  /** One person */
  @Get(':id')
  @Access({ role: 'member', scope: 'people:read' })
  get(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<PersonView> {
    return this.people.get(principal, id);
  }

  /** Adds a person, owned by the caller */
  @Post()
  @Idempotent()
  @Access({ role: 'member', scope: 'people:write' })
  create(@CurrentPrincipal() principal: Principal, @Body() body: CreatePerson): Promise<PersonView> {
    return this.people.create(principal, body);
  }

  /** Changes a person */
  @Patch(':id')
  @Access({ role: 'member', scope: 'people:write' })
  update(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @IfMatch() ifMatch: string | undefined,
    @Body() body: UpdatePerson,
  ): Promise<PersonView> {
    return this.people.update(principal, id, ifMatch, body);
  }

  /** Deletes a person of one's own (admins: any); their tasks stay, without them */
  @Delete(':id')
  @HttpCode(204)
  @Access({ role: 'member', scope: 'people:write' })
  delete(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<void> {
    return this.people.delete(principal, id);
  }
}
