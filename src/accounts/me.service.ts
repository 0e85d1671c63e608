import { Injectable } from '@nestjs/common';
import { type Principal, SCOPES } from './access.js';
import { viewOfTeam } from './team.controller.js';
import type { MeView } from './team.dto.js';
import { TeamsService } from './teams.service.js';
import { viewOfUser } from './user-view.js';
import { UsersService } from './users.service.js';

/** Who somebody is here, and with which rights. */
@Injectable()
export class MeService {
  constructor(
    private readonly teams: TeamsService,
    private readonly users: UsersService,
  ) {}

  async of(
    principal: Pick<Principal, 'teamId' | 'userId' | 'role' | 'scopes' | 'actor' | 'timeZone'>,
  ): Promise<MeView> {
    const { teamId, userId, role, scopes, actor, timeZone } = principal;
    const user = userId === null ? null : viewOfUser(await this.users.get(teamId, userId), principal);
    const team = viewOfTeam(await this.teams.get(teamId));
    return { team, user, role, scopes: [...scopes], actor, time_zone: timeZone };
  }

  async ofUser(teamId: string, userId: string): Promise<MeView> {
    const { role, timeZone } = await this.users.get(teamId, userId);
    return this.of({ teamId, userId, role, scopes: SCOPES, actor: `user:${userId}`, timeZone });
  }
}
