import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch } from '../platform/http/conditions.js';
import { Access, CurrentPrincipal, type Principal, requireUser } from './access.js';
import { viewOfTeam } from './team.controller.js';
import { MeView } from './team.dto.js';
import { TeamsService } from './teams.service.js';
import { viewOfUser } from './user-view.js';
import { UpdateMe, UserView } from './users.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('team')
@Controller('v1/me')
export class MeController {
  constructor(
    private readonly teams: TeamsService,
    private readonly users: UsersService,
  ) {}

  /** Who calls, with which rights */
  @Get()
  @Access({ role: 'member', scope: 'any' })
  async get(@CurrentPrincipal() principal: Principal): Promise<MeView> {
    const { teamId, userId, role, scopes, actor, timeZone } = principal;
    const user = userId === null ? null : viewOfUser(await this.users.get(teamId, userId), principal);
    const team = viewOfTeam(await this.teams.get(teamId));
    return { team, user, role, scopes: [...scopes], actor, time_zone: timeZone };
  }

  /** Changes one's own name or time zone; If-Match is the version of `user` */
  @Patch()
  @Access({ role: 'member', scope: 'any' })
  async update(
    @CurrentPrincipal() principal: Principal,
    @IfMatch() ifMatch: string | undefined,
    @Body() { name, time_zone: timeZone }: UpdateMe,
  ): Promise<UserView> {
    const changes = { ...(name !== undefined && { name }), ...(timeZone !== undefined && { timeZone }) };
    const user = await this.users.update(principal.teamId, requireUser(principal), ifMatch, changes);
    return viewOfUser(user, principal);
  }
}
