import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch } from '../platform/http/conditions.js';
import { Access, CurrentPrincipal, type Principal, requireUser } from './access.js';
import { MeService } from './me.service.js';
import { MeView } from './team.dto.js';
import { viewOfUser } from './user-view.js';
import { UpdateMe, UserView } from './users.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('team')
@Controller('v1/me')
export class MeController {
  constructor(
    private readonly me: MeService,
    private readonly users: UsersService,
  ) {}

  /** Who calls, with which rights */
  @Get()
  @Access({ role: 'member', scope: 'any' })
  async get(@CurrentPrincipal() principal: Principal): Promise<MeView> {
    return this.me.of(principal);
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
