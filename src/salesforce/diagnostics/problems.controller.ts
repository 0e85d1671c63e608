import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { ownOnly } from '../task-sync/own-only.js';
import { idPage } from '../task-sync/task-sync-view.js';
import {
  ProblemDto,
  ProblemKindsDto,
  ProblemPageDto,
  ProblemsQuery,
  RetriedProblemsDto,
  RetryProblemsDto,
} from './diagnostics.dto.js';
import { ProblemActionsService } from './problem-actions.service.js';
import { kindView, problemView } from './problem-view.js';
import { Problems } from './problems.repository.js';

@ApiTags('Task sync')
@Controller('v1/salesforce/task-sync/problems')
export class ProblemsController {
  constructor(
    private readonly problems: Problems,
    private readonly actions: ProblemActionsService,
  ) {}

  /** Writes that Salesforce refused, newest first: admins see the team's, reps those of their own tasks. */
  @Get()
  @Access({ role: 'member', scope: 'salesforce:read' })
  async listProblems(@CurrentPrincipal() principal: Principal, @Query() query: ProblemsQuery): Promise<ProblemPageDto> {
    const filter = {
      taskId: query.task_id,
      assigneeId: ownOnly(principal),
      state: query.state ?? ('open' as const),
      code: query.code,
    };
    const rows = await this.problems.list(principal.teamId, filter, query.after, query.limit + 1);
    return idPage(rows, query.limit, problemView);
  }

  /** How many are open of each kind, most first. */
  @Get('kinds')
  @Access({ role: 'member', scope: 'salesforce:read' })
  async countProblems(@CurrentPrincipal() principal: Principal): Promise<ProblemKindsDto> {
    return { data: (await this.problems.kinds(principal.teamId, ownOnly(principal))).map(kindView) };
  }

  /** Tries all open problems of one kind again: admins the team's, reps those of their own tasks. Ignored ones rest. */
  @Post('retry')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'salesforce:write' })
  async retryProblems(
    @CurrentPrincipal() principal: Principal,
    @Body() { code }: RetryProblemsDto,
  ): Promise<RetriedProblemsDto> {
    return { retried: await this.actions.retryKind(principal, code) };
  }

  /** Tries one again at once, also one that was ignored. */
  @Post(':id/retry')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'salesforce:write' })
  async retryProblem(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
  ): Promise<ProblemDto> {
    return problemView(await this.actions.retry(principal, id));
  }

  /** Leaves one alone until somebody edits the task: it is kept, and counted no more. */
  @Post(':id/ignore')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'salesforce:write' })
  async ignoreProblem(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
  ): Promise<ProblemDto> {
    return problemView(await this.actions.ignore(principal, id));
  }
}
