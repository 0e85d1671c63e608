import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type TaskChanged, type TaskListener, TaskListeners } from '../../command-center/tasks/task-listeners.js';
import { changedFields, type TaskField } from '../../command-center/tasks/task-values.js';
import type { Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { WakeUps } from '../../platform/pipelines/wake-ups.js';
import { SALESFORCE_ORG } from '../org-loop/org-loop.js';
import { OrgStates } from '../org-loop/org-states.repository.js';
import { Enrolments } from './enrolments.repository.js';
import { Links } from './links.repository.js';

/** A change of these may have to go to Salesforce. */
const SYNCED: ReadonlySet<TaskField> = new Set([
  'name',
  'status',
  'priority',
  'dueDate',
  'details',
  'reminderAt',
  'assigneeId',
  'personId',
  'whoId',
  'whatId',
  'deletedAt',
]);

/** Follows every change of a task made here and marks its link as due, in the same transaction. */
@Injectable()
export class TaskSyncListener implements TaskListener, OnModuleInit {
  constructor(
    private readonly listeners: TaskListeners,
    private readonly links: Links,
    private readonly enrolments: Enrolments,
    private readonly states: OrgStates,
    private readonly wakeUps: WakeUps,
  ) {}

  onModuleInit(): void {
    this.listeners.register(this);
  }

  async tasksChanged(tx: Tx, teamId: string, changes: readonly TaskChanged[]): Promise<void> {
    const ours = changes.filter((change) => change.origin === 'here' && isForSalesforce(change));
    const org = ours.length > 0 ? await this.states.laneOfTeam(teamId, tx) : undefined;
    if (!org) return;
    // Held before the links, as turning the sync on or off holds them: what is made now is frozen with the rest, or not made.
    const syncing = await this.enrolments.syncing(tx, teamId, [
      ...new Set(ours.map((change) => change.after.assigneeId)),
    ]);
    const links = await this.links.lock(
      tx,
      teamId,
      ours.map((change) => change.taskId),
    );
    await this.refuseUnmatched(
      tx,
      teamId,
      ours.filter((change) => links.has(change.taskId) && isReassigned(change)),
    );

    const make = ours.filter(
      (change) =>
        !links.has(change.taskId) &&
        syncing.has(change.after.assigneeId) &&
        (change.before === null || isReassigned(change)) &&
        change.after.deletedAt === null,
    );
    // Its owner did not sync, its new one does: it moves again.
    const woken = ours.filter(
      (change) => links.get(change.taskId)?.frozen && isReassigned(change) && syncing.has(change.after.assigneeId),
    );
    await this.links.thaw(
      tx,
      teamId,
      woken.map((change) => change.taskId),
    );
    const marked = [...ours.filter((change) => links.has(change.taskId)), ...make].map((change) => change.taskId);
    if (marked.length === 0) return;
    const at = ours[0]?.at ?? new Date(0);
    await this.links.mark(
      tx,
      teamId,
      marked,
      make.map((change) => change.taskId),
      at,
    );
    this.wakeUps.wakeAfterCommit(tx, SALESFORCE_ORG, org.connectionId);
  }

  /** A task that is in Salesforce cannot go to somebody who is not. */
  async refusals(tx: Tx, teamId: string, changes: readonly TaskChanged[]): Promise<Map<string, ProductError>> {
    const moved = changes.filter((change) => change.origin === 'here' && isReassigned(change));
    const matched = await this.matched(tx, teamId, moved);
    const strangers = moved.filter((change) => !matched.has(change.after.assigneeId)).map(({ taskId }) => taskId);
    // Only read: the tasks are locked, so none of these gets a link meanwhile.
    const links = await this.links.byTaskIds(teamId, strangers, tx);
    return new Map(links.map(({ taskId }) => [taskId, new ProductError('assignee_not_in_salesforce')]));
  }

  private async refuseUnmatched(tx: Tx, teamId: string, changes: readonly TaskChanged[]): Promise<void> {
    const matched = await this.matched(tx, teamId, changes);
    if (changes.some((change) => !matched.has(change.after.assigneeId))) {
      throw new ProductError('assignee_not_in_salesforce');
    }
  }

  private async matched(tx: Tx, teamId: string, changes: readonly TaskChanged[]): Promise<ReadonlySet<string>> {
    if (changes.length === 0) return new Set();
    const ids = [...new Set(changes.map((change) => change.after.assigneeId))];
    const rows = await tx.query<{ id: string }>(
      'SELECT user_id AS id FROM salesforce_user_matches WHERE team_id = $1 AND user_id = ANY($2::uuid[])',
      [teamId, ids],
    );
    return new Set(rows.map(({ id }) => id));
  }
}

function isForSalesforce(change: TaskChanged): boolean {
  if (change.before === null) return true;
  return changedFields(change.before, change.after).some((field) => SYNCED.has(field));
}

function isReassigned(change: TaskChanged): boolean {
  return change.before !== null && change.before.assigneeId !== change.after.assigneeId;
}
