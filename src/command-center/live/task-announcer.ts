import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../platform/database/transactions.js';
import { type TaskChanged, type TaskListener, TaskListeners } from '../tasks/task-listeners.js';
import type { TaskValues } from '../tasks/task-values.js';
import { LivePublisher } from './live-publisher.js';
import { changeOf, TaskBatch } from './task-batch.js';

/** Tells open pages of every change of a task, whoever made it. */
@Injectable()
export class TaskAnnouncer implements TaskListener, OnModuleInit {
  private readonly batches = new WeakMap<Tx, TaskBatch>();

  constructor(
    private readonly listeners: TaskListeners,
    private readonly publisher: LivePublisher,
  ) {}

  onModuleInit(): void {
    this.listeners.register(this);
  }

  tasksChanged(tx: Tx, teamId: string, changes: readonly TaskChanged[]): Promise<void> {
    const batch = this.batchOf(tx, teamId);
    for (const { taskId, before, after } of changes) {
      batch.add(taskId, changeOf({ before, after }), before ? [before, after] : [after]);
    }
    return Promise.resolve();
  }

  tasksImported(tx: Tx, teamId: string, tasks: readonly { id: string; values: TaskValues }[]): Promise<void> {
    const batch = this.batchOf(tx, teamId);
    for (const { id, values } of tasks) batch.add(id, 'created', [values]);
    return Promise.resolve();
  }

  /** One transaction changes tasks of one team. */
  private batchOf(tx: Tx, teamId: string): TaskBatch {
    let batch = this.batches.get(tx);
    if (!batch) {
      const made = (batch = new TaskBatch());
      this.batches.set(tx, made);
      this.publisher.publishAtCommit(tx, teamId, () => made.events());
    }
    return batch;
  }
}
