import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { Idempotent } from '../../accounts/idempotency/idempotent.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { IfMatch, OptionalIfMatch } from '../../platform/http/conditions.js';
import { PageQuery } from '../../platform/http/page.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { callOf, editOf } from './task-input.js';
import { TaskCounts, TaskCountsQuery, TaskListQuery } from './task-list.dto.js';
import { TaskListsService } from './task-lists.service.js';
import { BulkTaskResults, BulkTasks } from './tasks-bulk.dto.js';
import { TasksBulkService } from './tasks-bulk.service.js';
import { CompleteTask, CreateTask, SnoozeTask, TaskHistoryPage, TaskPage, TaskView, UpdateTask } from './tasks.dto.js';
import { TasksService } from './tasks.service.js';

@ApiTags('tasks')
@Controller('v1/tasks')
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly lists: TaskListsService,
    private readonly bulk: TasksBulkService,
  ) {}

  /** The tasks of a view: by default one's own, due today and tomorrow in one's time zone */
  @Get()
  @Access({ role: 'member', scope: 'tasks:read' })
  list(@CurrentPrincipal() principal: Principal, @Query() query: TaskListQuery): Promise<TaskPage> {
    return this.lists.page(principal, query);
  }

  /** How many tasks each view has */
  @Get('counts')
  @Access({ role: 'member', scope: 'tasks:read' })
  counts(@CurrentPrincipal() principal: Principal, @Query() query: TaskCountsQuery): Promise<TaskCounts> {
    return this.lists.counts(principal, query);
  }

  /** Makes a task, one's own unless another assignee is named */
  @Post()
  @Idempotent()
  @Access({ role: 'member', scope: 'tasks:write' })
  create(@CurrentPrincipal() principal: Principal, @Body() body: CreateTask): Promise<TaskView> {
    return this.tasks.create(principal, { ...editOf(body), name: body.name });
  }

  /** One action on up to 200 tasks, with a result for each */
  @Post('bulk')
  @Idempotent()
  @HttpCode(200)
  @Access({ role: 'member', scope: 'tasks:write' })
  async runBulk(@CurrentPrincipal() principal: Principal, @Body() body: BulkTasks): Promise<BulkTaskResults> {
    return { results: await this.bulk.run(principal, body) };
  }

  /** One task */
  @Get(':id')
  @Access({ role: 'member', scope: 'tasks:read' })
  get(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<TaskView> {
    return this.tasks.get(principal, id);
  }

  /** What happened to a task, here and in Salesforce, newest first */
  @Get(':id/history')
  @Access({ role: 'member', scope: 'tasks:read' })
  history(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Query() query: PageQuery,
  ): Promise<TaskHistoryPage> {
    return this.tasks.history(principal, id, query);
  }

  /** Changes a task */
  @Patch(':id')
  @Access({ role: 'member', scope: 'tasks:write' })
  update(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @IfMatch() ifMatch: string | undefined,
    @Body() body: UpdateTask,
  ): Promise<TaskView> {
    if (ifMatch === undefined) throw new ProductError('precondition_required');
    return this.tasks.edit(principal, id, ifMatch, editOf(body));
  }

  /** Completes a task; of a call, with what came of it */
  @Post(':id/complete')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'tasks:write' })
  complete(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @OptionalIfMatch() ifMatch: string | undefined,
    @Body() body: CompleteTask,
  ): Promise<TaskView> {
    return this.tasks.complete(principal, id, ifMatch, callOf(body));
  }

  /** Skips a task */
  @Post(':id/skip')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'tasks:write' })
  skip(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @OptionalIfMatch() ifMatch: string | undefined,
  ): Promise<TaskView> {
    return this.tasks.apply(principal, id, ifMatch, 'skip');
  }

  /** Opens a completed or skipped task again */
  @Post(':id/reopen')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'tasks:write' })
  reopen(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @OptionalIfMatch() ifMatch: string | undefined,
  ): Promise<TaskView> {
    return this.tasks.apply(principal, id, ifMatch, 'reopen');
  }

  /** Hides an open task from the views until a time */
  @Post(':id/snooze')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'tasks:write' })
  snooze(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @OptionalIfMatch() ifMatch: string | undefined,
    @Body() { until }: SnoozeTask,
  ): Promise<TaskView> {
    return this.tasks.snooze(principal, id, ifMatch, until === null ? null : new Date(until));
  }

  /** Deletes a task; it can be restored */
  @Delete(':id')
  @Access({ role: 'member', scope: 'tasks:write' })
  delete(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @OptionalIfMatch() ifMatch: string | undefined,
  ): Promise<TaskView> {
    return this.tasks.apply(principal, id, ifMatch, 'delete');
  }

  /** Brings a deleted task back as it was */
  @Post(':id/restore')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'tasks:write' })
  restore(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @OptionalIfMatch() ifMatch: string | undefined,
  ): Promise<TaskView> {
    return this.tasks.apply(principal, id, ifMatch, 'restore');
  }
}
