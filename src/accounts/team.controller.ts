import { Body, Controller, Delete, Get, HttpCode, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch } from '../platform/http/conditions.js';
import { Access, CurrentPrincipal, type Principal } from './access.js';
import { DeletedTeamView, DeleteTeam, TeamView, UpdateTeam } from './team.dto.js';
import type { Team } from './team.entity.js';
import { TeamDeletionService } from './team-deletion.service.js';
import { TeamsService } from './teams.service.js';

@ApiTags('team')
@Controller('v1/team')
export class TeamController {
  constructor(
    private readonly teams: TeamsService,
    private readonly deletion: TeamDeletionService,
  ) {}

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
    return viewOfTeam(await this.teams.rename(principal.teamId, ifMatch, body.name, principal.actor));
  }

  /** Deletes the team for good: at once no key of it works and nothing syncs; its rows are then removed. Salesforce keeps its Tasks as they are */
  @Delete()
  @HttpCode(202)
  @Access({ role: 'admin', scope: 'team:write' })
  async delete(@CurrentPrincipal() principal: Principal, @Body() body: DeleteTeam): Promise<DeletedTeamView> {
    const { id, name, deletedAt } = await this.deletion.delete(principal.teamId, body.name, principal.actor);
    return { id, name, deleted_at: deletedAt };
  }
}

export function viewOfTeam({ id, name, version, createdAt }: Team): TeamView {
  return { id, name, version, created_at: createdAt };
}
