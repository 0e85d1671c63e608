import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { UuidParam } from '../platform/http/uuid-param.js';
import { Access, CurrentPrincipal, type Principal } from './access.js';
import { Idempotent } from './idempotency/idempotent.js';
import { type Invited, InvitationsService } from './invitations.service.js';
import { viewOfUser } from './user-view.js';
import { CreateUser, InvitedUserView } from './users.dto.js';

@ApiTags('team')
@Controller('v1')
export class InvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  /** Adds a user to the team and mails them a link to choose a password. Where no mail server is set, `link` is for you
   * to pass on */
  @Post('invitations')
  @Idempotent()
  @Access({ role: 'admin', scope: 'team:write' })
  async invite(@CurrentPrincipal() principal: Principal, @Body() body: CreateUser): Promise<InvitedUserView> {
    const { email, name, role = 'member', time_zone: timeZone = 'UTC' } = body;
    const input = { email, name, role, timeZone };
    return viewOf(await this.invitations.invite(principal.teamId, principal.actor, input), principal);
  }

  /** Sends the invitation again; the link of the one before no longer works */
  @Post('users/:id/invitation')
  @HttpCode(200)
  @Access({ role: 'admin', scope: 'team:write' })
  async again(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<InvitedUserView> {
    return viewOf(await this.invitations.again(principal.teamId, principal.actor, id), principal);
  }
}

function viewOf({ user, link }: Invited, principal: Principal): InvitedUserView {
  return { ...viewOfUser(user, principal), ...(link !== undefined && { link }) };
}
