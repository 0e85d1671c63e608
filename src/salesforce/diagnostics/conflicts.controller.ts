import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { Conflicts } from '../task-sync/conflicts.repository.js';
import { ownOnly } from '../task-sync/own-only.js';
import { idPage } from '../task-sync/task-sync-view.js';
import { ConflictExplainer } from './conflict-explainer.js';
import { ConflictPageDto, ConflictsQuery, RestoredConflictDto } from './diagnostics.dto.js';
import { RestoreConflictService } from './restore-conflict.service.js';

@ApiTags('Task sync')
@Controller('v1/salesforce/task-sync/conflicts')
export class ConflictsController {
  constructor(
    private readonly conflicts: Conflicts,
    private readonly explainer: ConflictExplainer,
    private readonly restoring: RestoreConflictService,
  ) {}

  /** Fields that both sides changed, newest first: admins see the team's, reps those of their own tasks. */
  @Get()
  @Access({ role: 'member', scope: 'salesforce:read' })
  async listConflicts(
    @CurrentPrincipal() principal: Principal,
    @Query() query: ConflictsQuery,
  ): Promise<ConflictPageDto> {
    const filter = { taskId: query.task_id, assigneeId: ownOnly(principal) };
    const rows = await this.conflicts.list(principal.teamId, filter, query.after, query.limit + 1);
    const { data, next } = idPage(rows, query.limit, (row) => row);
    return { data: await this.explainer.views(principal.teamId, data), next };
  }

  /**
   * Puts the losing value into force again, on both sides: a new edit here, which goes to Salesforce as any other. An
   * edit that a deletion overrode brings its task back. For admins and the task's assignee.
   */
  @Post(':id/restore')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'salesforce:write' })
  async restoreConflict(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
  ): Promise<RestoredConflictDto> {
    const restoration = await this.restoring.restore(principal, id);
    return this.explainer.restoredView(principal.teamId, restoration);
  }
}
