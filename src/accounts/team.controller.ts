import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch } from '../platform/http/conditions.js';
import { Access, CurrentPrincipal, type Principal } from './access.js';
import { TeamView, UpdateTeam } from './team.dto.js';
import type { Team } from './team.entity.js';
import { TeamsService } from './teams.service.js';

@ApiTags('team')
@Controller('v1/team')
export class TeamController {
  constructor(private readonly teams: TeamsService) {}

  /** The caller's team */
  @Get()
  @Access({ role: 'member', scope: 'team:read' })
  async get(@CurrentPrincipal() principal: Principal): Promise<TeamView> {
    return viewOfTeam(await this.teams.get(principal.teamId));
  }

  /** Renames the team */
  @Patch()
  @Access({ role: 'admin', scope: 'team:write' })
  async update(
    @CurrentPrincipal() principal: Principal,
    @IfMatch() ifMatch: string | undefined,
    @Body() body: UpdateTeam,
  ): Promise<TeamView> {
    return viewOfTeam(await this.teams.rename(principal.teamId, ifMatch, body.name));
  }
}

export function viewOfTeam({ id, name, version, createdAt }: Team): TeamView {
  return { id, name, version, created_at: createdAt };
}
