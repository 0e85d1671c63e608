import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { Idempotent } from '../../accounts/idempotency/idempotent.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { CreateTask, TaskView } from '../tasks/tasks.dto.js';
import { EmailTasks } from './email-tasks.service.js';

@ApiTags('emails')
@Controller('v1/emails/:id/tasks')
export class EmailTasksController {
  constructor(private readonly tasks: EmailTasks) {}

  /** Makes a task that follows up an email, about the person whom it is to unless another is named; it shows with the email */
  @Post()
  @Idempotent()
  @Access({ role: 'member', scope: 'tasks:write' })
  create(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Body() body: CreateTask,
  ): Promise<TaskView> {
    return this.tasks.create(principal, id, body);
  }
}
