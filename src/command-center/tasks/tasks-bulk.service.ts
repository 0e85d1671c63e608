import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { invalidInput } from '../../platform/http/validation.js';
import type { PersonStanding } from '../people/person-access.js';
import { applyEdit } from './task-edit.js';
import { NO_TASK, requireEdit, requireGivable, TaskGuard } from './task-guard.js';
import { applyVerb } from './task-state.js';
import { type StoredTask, TaskStore } from './task-store.js';
import type { TaskValues } from './task-values.js';
import type { BulkTaskResult, BulkTasks } from './tasks-bulk.dto.js';

type Change = (values: TaskValues, at: string) => TaskValues;

/** One action on many tasks: a few statements for all, an answer for each, and no bad one stops the others. */
@Injectable()
export class TasksBulkService {
  constructor(
    private readonly transactions: Transactions,
    private readonly store: TaskStore,
    private readonly guard: TaskGuard,
    private readonly clock: Clock,
  ) {}

  /** A result for each id, in their order; an id named twice has its one result twice. */
  async run(principal: Principal, input: BulkTasks): Promise<BulkTaskResult[]> {
    const change = changeOf(input);
    const ids = [...new Set(input.ids)];
    const results = await this.together(principal, ids, input, change);
    return input.ids.map((id) => results.get(id) ?? failed(id, new ProductError('not_found')));
  }

  /**
   * Who follows the tasks may refuse one of them and can only refuse the whole transaction. Then each is tried alone,
   * which finds the one and changes the others.
   */
  private async together(
    principal: Principal,
    ids: readonly string[],
    input: BulkTasks,
    change: Change,
  ): Promise<Map<string, BulkTaskResult>> {
    await this.requireAssignee(principal, input);
    try {
      return await this.inOneTransaction(principal, ids, change);
    } catch (error) {
      if (!(error instanceof ProductError)) throw error;
      if (ids.length === 1) return new Map(ids.map((id) => [id, failed(id, error)]));
    }
    const results = new Map<string, BulkTaskResult>();
    for (const id of ids) results.set(id, await this.alone(principal, id, change));
    return results;
  }

  private async alone(principal: Principal, id: string, change: Change): Promise<BulkTaskResult> {
    try {
      const results = await this.inOneTransaction(principal, [id], change);
      return results.get(id) ?? failed(id, new ProductError('not_found'));
    } catch (error) {
      if (error instanceof ProductError) return failed(id, error);
      throw error;
    }
  }

  private inOneTransaction(
    principal: Principal,
    ids: readonly string[],
    change: Change,
  ): Promise<Map<string, BulkTaskResult>> {
    const { teamId, actor } = principal;
    const at = this.clock.now();
    return this.transactions.run(async (tx) => {
      const tasks = await this.store.lock(tx, teamId, ids);
      const standings = await this.guard.standingsOf(tx, teamId, tasks.values());
      const changes: { before: StoredTask; after: TaskValues; actor: string }[] = [];
      const results = new Map<string, BulkTaskResult>();
      for (const id of ids) {
        try {
          const before = required(tasks.get(id));
          const after = decide(principal, before.values, standings, (values) => change(values, at.toISOString()));
          changes.push({ before, after, actor });
          results.set(id, { id, ok: true, task_version: before.version });
        } catch (error) {
          if (!(error instanceof ProductError)) throw error;
          results.set(id, failed(id, error));
        }
      }
      for (const id of await this.store.update(tx, teamId, changes, { origin: 'here', at })) {
        const version = required(tasks.get(id)).version + 1;
        results.set(id, { id, ok: true, task_version: version });
      }
      return results;
    });
  }

  /** Whom it is given to is the same for all: nobody is told so two hundred times. */
  private async requireAssignee(principal: Principal, { action, assignee_id: assigneeId }: BulkTasks): Promise<void> {
    if (action !== 'reassign' || assigneeId === undefined) return;
    await this.transactions.run((tx: Tx) => this.guard.requireAssignee(tx, principal, assigneeId));
  }
}

function decide(
  principal: Principal,
  values: TaskValues,
  standings: ReadonlyMap<string, PersonStanding>,
  change: (values: TaskValues) => TaskValues,
): TaskValues {
  requireEdit(principal, values, standings);
  const after = change(values);
  if (after.assigneeId !== values.assigneeId) requireGivable(principal, after, standings);
  return after;
}

function required(task: StoredTask | undefined): StoredTask {
  if (!task) throw new ProductError('not_found', NO_TASK);
  return task;
}

function failed(id: string, { code, message }: ProductError): BulkTaskResult {
  return { id, ok: false, error: { code, detail: message } };
}

function changeOf({ action, due_date: dueDate, assignee_id: assigneeId, priority }: BulkTasks): Change {
  switch (action) {
    case 'complete':
    case 'skip':
    case 'reopen':
    case 'delete':
    case 'restore':
      return (values, at) => applyVerb(values, action, at);
    case 'reschedule':
      if (dueDate === undefined) throw missing('due_date');
      return (values) => applyEdit(values, { dueDate });
    case 'reassign':
      if (assigneeId === undefined) throw missing('assignee_id');
      return (values) => applyEdit(values, { assigneeId: assigneeId.toLowerCase() });
    case 'set_priority':
      if (priority === undefined) throw missing('priority');
      return (values) => applyEdit(values, { priority });
  }
}

function missing(field: string): ProductError {
  return invalidInput([{ field, message: 'is needed for this action' }]);
}
