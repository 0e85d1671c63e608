import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import { Audit } from '../../accounts/audit/audit.js';
import { isActiveUser } from '../../accounts/names.js';
import { TaskGuard } from '../../command-center/tasks/task-guard.js';
import { TaskHistory } from '../../command-center/tasks/task-history.repository.js';
import { type StoredTask, TaskStore } from '../../command-center/tasks/task-store.js';
import type { TaskValues } from '../../command-center/tasks/task-values.js';
import { Clock } from '../../platform/clock/clock.js';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { WakeUps } from '../../platform/pipelines/wake-ups.js';
import { SALESFORCE_ORG } from '../org-loop/org-loop.js';
import { OrgStates } from '../org-loop/org-states.repository.js';
import { type Conflict, Conflicts } from '../task-sync/conflicts.repository.js';
import { type Link, Links } from '../task-sync/links.repository.js';
import { changedHere, type Mapping, toThere } from '../task-sync/mapping.js';
import { MappingLoader } from '../task-sync/mapping-loader.js';
import type { OrgSchema } from '../task-sync/org-schema.js';
import { SYNCED_FIELDS, type SyncedField } from '../task-sync/task-fields.js';
import { restored } from './restored-value.js';

export interface Restoration {
  conflict: Conflict;
  /** Canonical; what was in force until now. */
  replaced: string | null;
  restored: string | null;
  /** The task was deleted and is back. */
  revived: boolean;
  /** Whether it goes to Salesforce now; else its rep's sync is off, or it is not synced. */
  goesThere: boolean;
}

const NO_CONFLICT = 'There is no such conflict, or its task is not yours.';

/** Puts the losing value of a conflict into force again: by a new edit here, which then goes there as any edit does. */
@Injectable()
export class RestoreConflictService {
  constructor(
    private readonly conflicts: Conflicts,
    private readonly store: TaskStore,
    private readonly guard: TaskGuard,
    private readonly history: TaskHistory,
    private readonly links: Links,
    private readonly mappings: MappingLoader,
    private readonly states: OrgStates,
    private readonly wakeUps: WakeUps,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  async restore(principal: Principal, id: string): Promise<Restoration> {
    const org = await this.states.laneOfTeam(principal.teamId);
    const schema = org && ((await this.states.read(org)).orgSchema as OrgSchema | null);
    if (!schema) throw new ProductError('salesforce_not_connected');
    return this.transactions.run(async (tx) => {
      const restoration = await this.restoreIn(tx, principal, id, schema);
      this.wakeUps.wakeAfterCommit(tx, SALESFORCE_ORG, org.connectionId);
      return restoration;
    });
  }

  private async restoreIn(tx: Tx, principal: Principal, id: string, schema: OrgSchema): Promise<Restoration> {
    const { teamId, actor } = principal;
    const at = this.clock.now();
    const known = await this.conflicts.find(tx, teamId, id);
    // The task's lock holds back merges and whoever restores the same.
    const before = known && (await this.store.lock(tx, teamId, [known.taskId])).get(known.taskId);
    const conflict = before && (await this.conflicts.find(tx, teamId, id));
    if (!conflict || !mayRestore(principal, before.values)) throw new ProductError('not_found', NO_CONFLICT);
    if (conflict.restoredAt) throw new ProductError('conflict', 'This value was restored already.');
    const field = SYNCED_FIELDS.find((name) => name === conflict.field);
    const value = conflict.winner === 'there' ? conflict.here : conflict.there;
    const mapping = await this.mappingFor(tx, teamId, schema, before.values, value);

    const alive = revive(before.values, conflict, mapping);
    requireHere(alive, conflict);
    const lostHere =
      conflict.winner === 'there' ? await this.history.replacedAt(tx, teamId, before.id, conflict.at) : new Map();
    const owner = field === 'OwnerId' && value ? await this.userOf(tx, teamId, value) : undefined;
    const { task: wanted, exact } = field
      ? restored({ field, value, task: alive, lostHere, mapping, owner, at: at.toISOString() })
      : { task: alive, exact: null };
    const after = field === 'OwnerId' ? await this.guard.settle(tx, principal, before.values, wanted) : wanted;
    await this.store.update(tx, teamId, [{ before, after, actor }], { origin: 'here', at });
    const link = (await this.links.lock(tx, teamId, [before.id])).get(before.id);
    if (exact) await this.links.askExactly(tx, teamId, before.id, exact);
    // Also where nothing had to change here: what is asked for exactly, or an owner there, is still to be written.
    await this.links.mark(tx, teamId, [before.id], [], at);
    await this.conflicts.markRestored(tx, teamId, id, actor, at);
    await this.tell(tx, principal, before.values.assigneeId, conflict);
    return {
      conflict: { ...conflict, restoredAt: at, restoredBy: actor },
      replaced: field ? inForce(field, before, link, mapping) : null,
      restored: value,
      revived: alive !== before.values,
      goesThere: link !== undefined && !link.frozen,
    };
  }

  private mappingFor(tx: Tx, teamId: string, schema: OrgSchema, task: TaskValues, value: string | null) {
    const ids = [value];
    return this.mappings.load(tx, teamId, schema, {
      ownerIds: value ? [value] : [],
      assigneeIds: [task.assigneeId],
      whoIds: ids,
      whatIds: ids,
    });
  }

  private async tell(tx: Tx, { teamId, actor, userId }: Principal, owner: string, conflict: Conflict): Promise<void> {
    if (userId === owner) return;
    const target = { type: 'sync_conflict', id: conflict.id };
    const details = { task_id: conflict.taskId, field: conflict.field };
    await this.audit.record(tx, { teamId, actor, action: 'salesforce.conflict_restored', target, details });
  }

  /** Only people who work here take tasks. */
  private async userOf(tx: Tx, teamId: string, salesforceUserId: string): Promise<string | undefined> {
    const [match] = await tx.query<{ userId: string }>(
      'SELECT user_id AS "userId" FROM salesforce_user_matches WHERE team_id = $1 AND salesforce_user_id = $2',
      [teamId, salesforceUserId],
    );
    return match && (await isActiveUser(tx, teamId, match.userId)) ? match.userId : undefined;
  }
}

function mayRestore(principal: Principal, task: TaskValues): boolean {
  return principal.role === 'admin' || principal.userId === task.assigneeId;
}

/** An edit that a deletion overrode comes back with its task. */
function revive(task: TaskValues, { reason }: Conflict, mapping: Mapping): TaskValues {
  if (reason !== 'deletion') return task;
  const alive = task.deletedAt ? { ...task, deletedAt: null } : task;
  // Skipped, which this team's Salesforce shows by a deletion.
  const skipped = alive.status === 'skipped' && mapping.settings.skippedAs === 'deleted';
  return skipped ? { ...alive, status: 'open', closedAt: null } : alive;
}

function requireHere(task: TaskValues, { field }: Conflict): void {
  if (task.deletedAt) throw new ProductError('conflict', 'This task is deleted: restore it first.');
  if (task.awaySince && field !== 'OwnerId') throw new ProductError('task_away');
}

/** The canonical value that holds until now. What has no counterpart here holds as it is there. */
function inForce(field: SyncedField, { values }: StoredTask, link: Link | undefined, mapping: Mapping): string | null {
  const base = link?.base;
  if (base && !changedHere(field, values, base, mapping)) return base.there[field];
  return toThere(field, values, mapping) ?? null;
}
