import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { Idempotent } from '../../accounts/idempotency/idempotent.js';
import { IfMatch } from '../../platform/http/conditions.js';
import { PageQuery } from '../../platform/http/page.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import {
  CreateGroup,
  GroupAddition,
  GroupPage,
  GroupPeople,
  GroupRemoval,
  GroupView,
  UpdateGroup,
} from './groups.dto.js';
import { GroupsService } from './groups.service.js';

/** The people of a group are read with `GET /v1/people?group_id=`. */
@ApiTags('people')
@Controller('v1/groups')
export class GroupsController {
  constructor(private readonly groups: GroupsService) {}

  /** Groups by name: one's own and those shared with the team; admins see all. Their people: `GET /v1/people?group_id=…` */
  @Get()
  @Access({ role: 'member', scope: 'people:read' })
  list(@CurrentPrincipal() principal: Principal, @Query() query: PageQuery): Promise<GroupPage> {
    return this.groups.list(principal, query);
  }

  /** One group */
  @Get(':id')
  @Access({ role: 'member', scope: 'people:read' })
  get(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<GroupView> {
    return this.groups.get(principal, id);
  }

  /** Makes a group, owned by the caller */
  @Post()
  @Idempotent()
  @Access({ role: 'member', scope: 'people:write' })
  create(@CurrentPrincipal() principal: Principal, @Body() body: CreateGroup): Promise<GroupView> {
    return this.groups.create(principal, body);
  }

  /** Changes a group of one's own (admins: any) */
  @Patch(':id')
  @Access({ role: 'member', scope: 'people:write' })
  update(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @IfMatch() ifMatch: string | undefined,
    @Body() body: UpdateGroup,
  ): Promise<GroupView> {
    return this.groups.update(principal, id, ifMatch, body);
  }

  /** Deletes a group of one's own (admins: any); its people stay */
  @Delete(':id')
  @HttpCode(204)
  @Access({ role: 'member', scope: 'people:write' })
  delete(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<void> {
    return this.groups.delete(principal, id);
  }

  /** Adds people whom the caller sees, at most 1,000 in one call */
  @Post(':id/members')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'people:write' })
  add(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Body() body: GroupPeople,
  ): Promise<GroupAddition> {
    return this.groups.addPeople(principal, id, body.person_ids);
  }

  /** Takes people out of the group, at most 1,000 in one call */
  @Post(':id/members/remove')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'people:write' })
  remove(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Body() body: GroupPeople,
  ): Promise<GroupRemoval> {
    return this.groups.removePeople(principal, id, body.person_ids);
  }
}
