import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { TasksService } from '../../command-center/tasks/tasks.service.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { ListQuery } from '../task-sync/task-sync.dto.js';
import { TraceDto } from './trace.dto.js';
import { TraceService } from './trace.service.js';

@ApiTags('Task sync')
@Controller('v1/salesforce/task-sync/tasks')
export class TraceController {
  constructor(
    private readonly tasks: TasksService,
    private readonly traces: TraceService,
  ) {}

  /** One task's way between here and Salesforce: where it stands, every attempt and every field change, newest first. */
  @Get(':id/trace')
  @Access({ role: 'member', scope: 'salesforce:read' })
  async readTrace(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Query() { after, limit }: ListQuery,
  ): Promise<TraceDto> {
    const { name, deleted_at } = await this.tasks.requireVisible(principal, id);
    const task = { id, name, deleted: deleted_at !== null };
    return this.traces.read(principal.teamId, task, after ?? null, limit);
  }
}
