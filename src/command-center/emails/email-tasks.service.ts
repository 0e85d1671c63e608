import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import { Transactions } from '../../platform/database/transactions.js';
import { TaskDecorators } from '../tasks/task-decorators.js';
import { editOf } from '../tasks/task-input.js';
import type { CreateTask, TaskView } from '../tasks/tasks.dto.js';
import { TasksService } from '../tasks/tasks.service.js';
import { EmailReads } from './email-reads.service.js';

/** Tasks that follow up emails: a call, an InMail, whatever comes next. */
@Injectable()
export class EmailTasks implements OnModuleInit {
  constructor(
    private readonly transactions: Transactions,
    private readonly tasks: TasksService,
    private readonly reads: EmailReads,
    private readonly decorators: TaskDecorators,
  ) {}

  onModuleInit(): void {
    this.decorators.register('email', (teamId, taskIds) => this.ofTasks(teamId, taskIds));
  }

  /** About the person whom the email is to, unless something else is said. */
  async create(principal: Principal, emailId: string, input: CreateTask): Promise<TaskView> {
    const email = await this.reads.get(principal, emailId);
    const edit = editOf({ ...input, person_id: input.person_id === undefined ? email.person?.id : input.person_id });
    return this.tasks.create(principal, { ...edit, name: input.name }, async (tx, taskId) => {
      await tx.query('INSERT INTO email_tasks (team_id, task_id, email_id) VALUES ($1, $2, $3)', [
        ...[principal.teamId, taskId, emailId],
      ]);
    });
  }

  private async ofTasks(teamId: string, taskIds: readonly string[]): Promise<Map<string, { id: string }>> {
    const rows = await this.transactions.query<{ taskId: string; id: string }>(
      `SELECT task_id AS "taskId", email_id AS id FROM email_tasks WHERE team_id = $1 AND task_id = ANY($2::uuid[])`,
      [teamId, taskIds],
    );
    return new Map(rows.map(({ taskId, id }) => [taskId, { id }]));
  }
}
