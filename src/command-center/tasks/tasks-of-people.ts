import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import type { Tx } from '../../platform/database/transactions.js';
import { PersonHoldings, type PersonRows } from '../people/person-holdings.js';
import { TaskListeners } from './task-listeners.js';
import { TaskRecordsAside } from './task-records-aside.js';
import { TaskStore } from './task-store.js';

/**
 * Tasks go with the person whom they are about. This is no edit of anybody's: it is in no history, and nothing goes to
 * Salesforce, for the record that a task is about (WhoId) stays. Pages are told.
 */
@Injectable()
export class TasksOfPeople implements PersonRows, OnModuleInit {
  constructor(
    private readonly holdings: PersonHoldings,
    private readonly store: TaskStore,
    private readonly listeners: TaskListeners,
    private readonly aside: TaskRecordsAside,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.holdings.register(this);
  }

  async move(tx: Tx, teamId: string, from: string, to: string): Promise<void> {
    await this.aside.move(tx, teamId, from, to);
    await this.point(tx, teamId, from, to);
  }

  /** The tasks are the reps': they stay, about nobody. */
  async erase(tx: Tx, teamId: string, personId: string): Promise<void> {
    await this.aside.move(tx, teamId, personId, null);
    await this.point(tx, teamId, personId, null);
  }

  private async point(tx: Tx, teamId: string, from: string, to: string | null): Promise<void> {
    const found = await tx.query<{ id: string }>('SELECT id FROM tasks WHERE team_id = $1 AND person_id = $2', [
      ...[teamId, from],
    ]);
    const locked = await this.store.lock(
      tx,
      teamId,
      found.map(({ id }) => id),
    );
    const tasks = [...locked.values()].filter(({ values }) => values.personId === from);
    const at = this.clock.now();
    await tx.query(
      `UPDATE tasks SET person_id = $3, updated_at = $4, version = version + 1
       WHERE team_id = $1 AND id = ANY($2::uuid[])`,
      [teamId, tasks.map(({ id }) => id), to, at],
    );
    await this.listeners.tell(
      tx,
      teamId,
      tasks.map(({ id, values }) => ({
        ...{ taskId: id, before: values, after: { ...values, personId: to } },
        ...{ origin: 'people' as const, at },
      })),
    );
  }
}
