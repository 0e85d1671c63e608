import { Injectable } from '@nestjs/common';
import { TaskStore } from '../../command-center/tasks/task-store.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { WakeUps } from '../../platform/pipelines/wake-ups.js';
import { SALESFORCE_ORG } from '../org-loop/org-loop.js';
import { OrgStates } from '../org-loop/org-states.repository.js';
import { Enrolments } from './enrolments.repository.js';
import { Links } from './links.repository.js';

/** *Send to Salesforce*: for a task that was here before the sync, which never goes there by itself. */
@Injectable()
export class SendTaskService {
  constructor(
    private readonly store: TaskStore,
    private readonly links: Links,
    private readonly enrolments: Enrolments,
    private readonly states: OrgStates,
    private readonly wakeUps: WakeUps,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** `onlyOf`: the user whose tasks these may be; undefined: any of the team. Asking twice makes one Task. */
  async send(teamId: string, taskId: string, onlyOf: string | undefined): Promise<void> {
    await this.transactions.run(async (tx) => {
      const org = await this.states.hold(tx, teamId);
      if (!org) throw new ProductError('salesforce_not_connected');
      const task = (await this.store.lock(tx, teamId, [taskId])).get(taskId);
      if (!task || task.values.deletedAt || (onlyOf && task.values.assigneeId !== onlyOf)) {
        throw new ProductError('not_found', 'There is no such task, or it is not yours.');
      }
      if (task.values.awaySince) throw new ProductError('task_away');
      const { assigneeId } = task.values;
      if (!(await this.enrolments.syncing(tx, teamId, [assigneeId])).has(assigneeId)) {
        throw new ProductError('conflict', 'The assignee does not sync tasks. Turn their task sync on, then send it.');
      }
      await this.links.mark(tx, teamId, [taskId], [taskId], this.clock.now());
      this.wakeUps.wakeAfterCommit(tx, SALESFORCE_ORG, org.connectionId);
    });
  }
}
