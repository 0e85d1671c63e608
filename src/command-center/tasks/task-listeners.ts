import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transactions.js';
import type { ProductError } from '../../platform/errors/product-error.js';
import type { ChangeOrigin } from './task-change.entity.js';
import type { TaskValues } from './task-values.js';

/** One task before and after a change. `before` is null when it was just made. */
export interface TaskChanged {
  taskId: string;
  before: TaskValues | null;
  after: TaskValues;
  /** `people`: whom it is about turned out to be somebody else, or was erased; nobody edited the task. */
  origin: ChangeOrigin | 'people';
  at: Date;
}

export interface ImportedTask {
  id: string;
  values: TaskValues;
}

/** Somebody who keeps something in step with the tasks, in the same transaction; throwing refuses the change. */
export interface TaskListener {
  tasksChanged(tx: Tx, teamId: string, changes: readonly TaskChanged[]): Promise<void>;
  /** Which of these changes `tasksChanged` would refuse, by task: for whoever makes many and leaves those out. */
  refusals?(tx: Tx, teamId: string, changes: readonly TaskChanged[]): Promise<ReadonlyMap<string, ProductError>>;
  /** Tasks were taken over in bulk from elsewhere, with no history of their own. */
  tasksImported?(tx: Tx, teamId: string, tasks: readonly ImportedTask[]): Promise<void>;
}

/**
 * Tasks know nobody of those who follow them (the Salesforce sync, campaigns): these register here. They are told
 * inside the transaction, so that what a change makes due is committed with the change or not at all.
 */
@Injectable()
export class TaskListeners {
  private readonly listeners: TaskListener[] = [];

  register(listener: TaskListener): void {
    this.listeners.push(listener);
  }

  async tell(tx: Tx, teamId: string, changes: readonly TaskChanged[]): Promise<void> {
    if (changes.length === 0) return;
    for (const listener of this.listeners) await listener.tasksChanged(tx, teamId, changes);
  }

  async refusals(tx: Tx, teamId: string, changes: readonly TaskChanged[]): Promise<Map<string, ProductError>> {
    const refused = new Map<string, ProductError>();
    for (const listener of this.listeners) {
      const more = (await listener.refusals?.(tx, teamId, changes)) ?? new Map<string, ProductError>();
      for (const [taskId, error] of more) refused.set(taskId, error);
    }
    return refused;
  }

  async tellImported(tx: Tx, teamId: string, tasks: readonly ImportedTask[]): Promise<void> {
    for (const listener of this.listeners) await listener.tasksImported?.(tx, teamId, tasks);
  }
}
