import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { AsksSalesforce } from '../client/asks-salesforce.js';
import { ChooseMatch, MatchCandidate, MatchResultList, MatchView, OrgUserList } from './user-match.dto.js';
import { UserMatchService } from './user-match.service.js';
import { type MatchResult, type OrgUser, reasonOf } from './user-matching.js';

@ApiTags('salesforce')
@Controller('v1/salesforce/users')
export class UserMatchController {
  constructor(private readonly matching: UserMatchService) {}

  /** The org's active users, each with ours */
  @Get()
  @Access({ role: 'admin', scope: 'salesforce:read' })
  @AsksSalesforce()
  async list(@CurrentPrincipal() { teamId }: Principal): Promise<OrgUserList> {
    const rows = await this.matching.orgUsers(teamId);
    return {
      data: rows.map(({ user, match }) => ({
        ...viewOf(user),
        user_id: match?.userId ?? null,
        matched_by: match?.matchedBy ?? null,
      })),
    };
  }

  /** Matches our users with the org's by username, email, federation id; present matches stand */
  @Post('match')
  @HttpCode(200)
  @Access({ role: 'admin', scope: 'salesforce:write' })
  @AsksSalesforce()
  async match(@CurrentPrincipal() { teamId, actor }: Principal): Promise<MatchResultList> {
    return { data: (await this.matching.run(teamId, actor)).map(viewOfResult) };
  }

  /** Says which Salesforce user one of ours is: that user may sign in here as them */
  @Put(':userId/match')
  @Access({ role: 'admin', scope: 'team:write' })
  @AsksSalesforce()
  async choose(
    @CurrentPrincipal() { teamId, actor }: Principal,
    @Param('userId', UuidParam) userId: string,
    @Body() body: ChooseMatch,
  ): Promise<MatchView> {
    const user = await this.matching.choose(teamId, userId, body.salesforce_user_id, actor);
    return { user_id: userId, salesforce_user: viewOf(user), matched_by: 'admin' };
  }

  /** Says that one of our users is no Salesforce user */
  @Delete(':userId/match')
  @HttpCode(204)
  @Access({ role: 'admin', scope: 'team:write' })
  async remove(
    @CurrentPrincipal() { teamId, actor }: Principal,
    @Param('userId', UuidParam) userId: string,
  ): Promise<void> {
    await this.matching.remove(teamId, userId, actor);
  }
}

function viewOf({ id, username, email, name }: OrgUser): MatchCandidate {
  return { id, username, email, name };
}

function viewOfResult(result: MatchResult): MatchResultList['data'][number] {
  const { user, outcome, matchedBy, candidates } = result;
  const isMatched = outcome === 'kept' || outcome === 'matched';
  return {
    user_id: user.id,
    name: user.name,
    email: user.email,
    outcome,
    matched_by: matchedBy,
    reason: reasonOf(result),
    salesforce_user: isMatched && candidates[0] ? viewOf(candidates[0]) : null,
    candidates: isMatched ? [] : candidates.map(viewOf),
  };
}
