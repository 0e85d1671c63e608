import { Injectable } from '@nestjs/common';
import { type StoredTask, TaskStore } from '../../command-center/tasks/task-store.js';
import { Clock } from '../../platform/clock/clock.js';
import type { Tx } from '../../platform/database/transactions.js';
import { Attempts } from '../diagnostics/attempts.repository.js';
import { Problems } from '../diagnostics/problems.repository.js';
import type { OrgContext } from '../org-loop/org-context.js';
import { Conflicts, type NewConflict, reasonOf } from './conflicts.repository.js';
import { decide, type Decision, type Remote, type Write } from './decide.js';
import { doubtsOf } from './doubts.js';
import { type Link, Links, type LinkUpdate } from './links.repository.js';
import { type LoadedMapping, MappingLoader } from './mapping-loader.js';
import type { OrgSchema } from './org-schema.js';
import { addCounts, type Counts } from './runs.repository.js';
import { COLUMNS_HERE, type LinkBase, type SentWrite } from './task-fields.js';
import { mergesOf } from './write-outcome.js';

export interface Pair {
  taskId: string;
  /** The id there, where this reading is the first to know it. */
  salesforceId: string | null;
  remote: Remote;
}

/** A write that is stored as sent and may now go out. */
export interface PreparedWrite {
  taskId: string;
  salesforceId: string | null;
  write: Write;
  sent: SentWrite;
  /** An earlier create whose answer was lost, and that may still commit whatever becomes of this one. */
  earlier: SentWrite | null;
  /** What both sides agreed on before this write; null for one that was never there. */
  baseNow: LinkBase | null;
  attempts: number;
  /** The link when the write has succeeded. */
  success: LinkUpdate;
}

/**
 * Merges what was read there with the tasks here, in one transaction: takes over what changed there, and finds out
 * what has to be written there. The pull only marks that as due; the push (`prepare`) stores it as sent.
 */
@Injectable()
export class TaskMerger {
  constructor(
    private readonly store: TaskStore,
    private readonly links: Links,
    private readonly mappings: MappingLoader,
    private readonly conflicts: Conflicts,
    private readonly problems: Problems,
    private readonly attempts: Attempts,
    private readonly clock: Clock,
  ) {}

  async merge(
    tx: Tx,
    org: OrgContext,
    schema: OrgSchema,
    given: readonly Pair[],
    mode: 'pull' | 'prepare',
  ): Promise<{ writes: PreparedWrite[]; counts: Counts }> {
    if (given.length === 0) return { writes: [], counts: {} };
    const now = this.clock.now();
    const ids = given.map((pair) => pair.taskId);
    const tasks = await this.store.lock(tx, org.teamId, ids);
    const links = await this.links.lock(tx, org.teamId, ids);
    const pairs = await this.withoutForeign(tx, org.teamId, given, links);
    const mapping = await this.mappingFor(tx, org, schema, pairs, tasks);
    const dueIds = ids.filter((id) => links.get(id)?.dueSince);
    const changed = await this.store.lastChangedHere(tx, org.teamId, dueIds, null);

    const local: { before: StoredTask; after: StoredTask['values']; actor: string | null }[] = [];
    const updates: LinkUpdate[] = [];
    const writes: PreparedWrite[] = [];
    const conflicts: NewConflict[] = [];
    const refused: Parameters<Problems['report']>[2][number][] = [];
    const settled: string[] = [];
    const counts: Counts = {};
    for (const pair of pairs) {
      const task = tasks.get(pair.taskId);
      const link = links.get(pair.taskId);
      if (!task || !link) continue;
      const decision = decide({
        task: task.values,
        taskId: task.id,
        link,
        remote: pair.remote,
        mapping,
        hereChangedAt: (field) => latest(changed.get(task.id), [...COLUMNS_HERE[field], 'created']),
        ownSalesforceUserId: org.client.integrationUserId,
        skewMs: org.skewMs,
        at: now.toISOString(),
      });
      const update = this.linkUpdate(pair, link, decision, mapping);
      if (mode === 'prepare') update.doubts = doubtsOf(link, pair.remote, now.toISOString());
      if (decision.here !== task.values)
        local.push({ before: task, after: decision.here, actor: actorOf(pair.remote) });
      const how = decision.write?.op === 'delete' || decision.deletedThere ? 'deleted' : 'merged';
      for (const conflict of decision.conflicts) {
        const reason = reasonOf(conflict, mapping.settings.conflictPolicy, how);
        conflicts.push({ ...conflict, taskId: task.id, reason, thereActor: personThere(pair.remote, org) });
      }
      if (decision.refused && mode === 'prepare') {
        const salesforceId = link.salesforceId;
        refused.push({ taskId: task.id, salesforceId, code: decision.refused, message: '', fields: [] });
        updates.push({ ...update, due: 'keep', parkedCode: decision.refused });
        addCounts(counts, { refused: 1 });
      } else if (decision.write && mode === 'prepare') {
        const sent = sentOf(decision.write, now);
        // On its way it is not due. Whoever takes the org over after a crash marks what was sent.
        updates.push({ ...update, due: 'done', sent, base: decision.base });
        const success: LinkUpdate = { ...update, due: 'done', sent: null, base: decision.baseAfterWrite, attempts: 0 };
        success.notBefore = null;
        // An older create, sent again: what was edited since is still to be written.
        if (decision.write.op === 'create' && link.sent) success.due = 'due';
        success.frozen = leavesSync(decision, mapping) || null;
        writes.push({
          taskId: task.id,
          salesforceId: update.salesforceId,
          write: decision.write,
          sent,
          earlier: decision.write.op === 'create' ? link.sent : null,
          baseNow: decision.base,
          attempts: link.attempts,
          success,
        });
      } else if (mode === 'prepare') {
        const frozen = leavesSync(decision, mapping) || update.frozen;
        updates.push({ ...update, due: 'done', sent: null, attempts: 0, notBefore: null, frozen });
        settled.push(task.id);
      } else {
        // Something changed there: a parked write may be tried again.
        updates.push({ ...update, due: decision.write ? 'due' : 'keep', parkedCode: null });
      }
    }
    const taken = await this.store.update(tx, org.teamId, local, { origin: 'salesforce', at: now });
    await this.links.update(tx, org.teamId, updates, now);
    await this.conflicts.add(tx, org.teamId, conflicts, now);
    await this.problems.report(tx, org.teamId, refused, now);
    await this.problems.resolve(tx, org.teamId, settled, now);
    await this.attempts.record(tx, org.teamId, mergesOf(local, pairs), now);
    addCounts(counts, { merged: taken.length, conflicts: conflicts.length });
    return { writes, counts };
  }

  /** A record that carries a task's key, but is another task's already, is none of it: it is made under a new key. */
  private async withoutForeign(
    tx: Tx,
    teamId: string,
    pairs: readonly Pair[],
    links: Map<string, Link>,
  ): Promise<readonly Pair[]> {
    const isFound = ({ taskId, salesforceId }: Pair) => salesforceId !== null && !links.get(taskId)?.salesforceId;
    const found = pairs.filter(isFound).flatMap(({ salesforceId }) => salesforceId ?? []);
    if (found.length === 0) return pairs;
    const holders = await this.links.bySalesforceIds(tx, teamId, found);
    return pairs.map((pair) => {
      const link = links.get(pair.taskId);
      const holder = isFound(pair) ? holders.get(pair.salesforceId ?? '') : undefined;
      if (!link || !holder) return pair;
      links.set(pair.taskId, { ...link, sent: null, keyGeneration: link.keyGeneration + 1 });
      return { taskId: pair.taskId, salesforceId: null, remote: 'never' };
    });
  }

  private mappingFor(
    tx: Tx,
    org: OrgContext,
    schema: OrgSchema,
    pairs: readonly Pair[],
    tasks: ReadonlyMap<string, StoredTask>,
  ): Promise<LoadedMapping> {
    const records = pairs.flatMap(({ remote }) => (typeof remote === 'string' ? [] : [remote]));
    return this.mappings.load(tx, org.teamId, schema, {
      ownerIds: records.map((record) => record.OwnerId),
      assigneeIds: [...tasks.values()].map((task) => task.values.assigneeId),
      whoIds: records.map((record) => record.WhoId),
      whatIds: records.map((record) => record.WhatId),
    });
  }

  private linkUpdate(pair: Pair, link: Link, decision: Decision, mapping: LoadedMapping): LinkUpdate {
    const record = typeof pair.remote === 'string' ? null : pair.remote;
    // Frozen, and now owned by somebody who syncs: it moves again.
    const woken = link.frozen && record !== null && mapping.enrolledUserOf(record.OwnerId) !== undefined;
    return {
      taskId: pair.taskId,
      salesforceId: pair.salesforceId ?? link.salesforceId,
      keyGeneration: link.keyGeneration,
      base: decision.base,
      sent: link.sent,
      doubts: link.doubts,
      due: 'keep',
      dueSince: link.dueSince,
      dueGeneration: link.dueGeneration,
      notBefore: link.notBefore,
      attempts: link.attempts,
      parkedCode: link.parkedCode,
      frozen: woken ? false : link.frozen,
      deletedThere: decision.deletedThere,
      archived: decision.archived,
      systemModstamp: record?.SystemModstamp ?? null,
    };
  }
}

/** Written to a colleague who does not sync: from then on nothing of it moves. */
function leavesSync(decision: Decision, mapping: LoadedMapping): boolean {
  const owner = mapping.salesforceUserOf(decision.here.assigneeId);
  return owner !== undefined && owner === decision.baseAfterWrite?.there.OwnerId && !mapping.enrolledUserOf(owner);
}

function sentOf(write: Write, at: Date): SentWrite {
  return { ...write, at: at.toISOString() };
}

function actorOf(remote: Remote): string | null {
  return typeof remote === 'string' ? null : `salesforce:${remote.LastModifiedById}`;
}

/** Who changed it there last, if that was not ourselves. */
function personThere(remote: Remote, org: OrgContext): string | null {
  if (typeof remote === 'string' || remote.LastModifiedById === org.client.integrationUserId) return null;
  return actorOf(remote);
}

function latest(changes: ReadonlyMap<string, Date> | undefined, fields: readonly string[]): Date | null {
  const times = fields.flatMap((field) => changes?.get(field)?.getTime() ?? []);
  return times.length > 0 ? new Date(Math.max(...times)) : null;
}
