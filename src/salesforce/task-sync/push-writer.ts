import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { backoffMs } from '../../platform/pipelines/backoff.js';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import { SalesforceError } from '../client/errors.js';
import type { WriteResult } from '../client/salesforce-client.js';
import { Attempts, type NewAttempt } from '../diagnostics/attempts.repository.js';
import { type NewProblem, Problems } from '../diagnostics/problems.repository.js';
import type { OrgContext } from '../org-loop/org-context.js';
import { OrgStates } from '../org-loop/org-states.repository.js';
import { type Conversions, ConvertedLeads } from './converted-leads.js';
import { Links, type LinkUpdate } from './links.repository.js';
import { addCounts, type Counts } from './runs.repository.js';
import type { PreparedWrite } from './task-merger.js';
import { attemptOf, isFinal, lacksKeyField, ownDuplicateOf } from './write-outcome.js';
import { nextBatchSize, requestOf } from './write-plan.js';

const COUNTED = { create: 'created', update: 'updated', delete: 'deleted', restore: 'restored' } as const;
/** Failures that pass by themselves are shown after so many attempts. */
const SHOWN_AFTER = 3;

/** Sends one call of prepared writes and stores what became of each. */
@Injectable()
export class PushWriter {
  constructor(
    private readonly links: Links,
    private readonly states: OrgStates,
    private readonly problems: Problems,
    private readonly attempts: Attempts,
    private readonly leads: ConvertedLeads,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  async write(org: OrgContext, call: readonly PreparedWrite[]): Promise<Counts> {
    const restores = call.filter(({ write }) => write.op === 'restore');
    const writes = call.filter(({ write }) => write.op !== 'restore');
    const began = performance.now();
    let results: WriteResult[];
    try {
      results = writes.length > 0 ? await org.client.write(writes.map(requestOf), { purpose: 'push' }) : [];
    } catch (error) {
      // Which of them were stored is not known: `sent` stays, and the next slice reads before it writes again.
      if (error instanceof SalesforceError && error.doubtful) await this.adapt(org, Infinity, 'congested');
      throw await this.noted(org, writes, error);
    }
    const tookMs = performance.now() - began;
    const undeleted = await this.undelete(org, restores);
    const conversions = await this.leads.read(org, writes, results);

    const counts: Counts = {};
    const updates: LinkUpdate[] = [];
    const failed: NewProblem[] = [];
    const succeeded: string[] = [];
    const attempts: NewAttempt[] = [];
    const now = this.clock.now();
    const settle = (prepared: PreparedWrite, result: WriteResult) => {
      const outcome = this.outcome(prepared, result, conversions, now);
      updates.push(outcome.update);
      attempts.push(attemptOf(prepared, result));
      if (outcome.problem) failed.push(outcome.problem);
      if (result.ok) succeeded.push(prepared.taskId);
      addCounts(counts, { [result.ok ? COUNTED[prepared.write.op] : 'failed']: 1 });
    };
    writes.forEach((prepared, index) => {
      const result = results[index];
      if (result) settle(prepared, result);
    });
    restores.forEach((prepared, index) => {
      const result = undeleted[index];
      if (result) settle(prepared, result);
    });
    await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      await this.leads.follow(tx, org.teamId, conversions, now);
      const created = new Set(writes.flatMap(({ write, taskId }) => (write.op === 'create' ? taskId : [])));
      await this.releaseTakenIds(tx, org.teamId, updates, created);
      await this.links.update(tx, org.teamId, updates, now);
      await this.problems.report(tx, org.teamId, failed, now);
      await this.problems.resolve(tx, org.teamId, succeeded, now);
      await this.attempts.record(tx, org.teamId, attempts, now);
    });
    if (writes.length > 0) {
      const locked = results.some((result) => !result.ok && result.error.code === 'UNABLE_TO_LOCK_ROW');
      await this.adapt(org, tookMs, locked ? 'congested' : 'free');
    }
    // A part of the call was refused as a whole; as where the whole call is, the loop has the org looked at again.
    const lacking = results.find((result) => !result.ok && lacksKeyField(result.error));
    if (lacking && !lacking.ok) throw lacking.error;
    return counts;
  }

  private outcome(
    prepared: PreparedWrite,
    result: WriteResult,
    conversions: Conversions,
    now: Date,
  ): { update: LinkUpdate; problem?: NewProblem } {
    const { success, write, taskId } = prepared;
    if (write.op === 'restore') {
      // Back from the bin: the next slice merges with it.
      if (result.ok) return { update: { ...success, due: 'due' as const, deletedThere: false } };
      // Refused again after another look: it is not to be had from there.
      if (prepared.attempts > 0 && isFinal(result.error, prepared.attempts)) return { update: madeAnew(success) };
    }
    if (result.ok) {
      const gone = write.op === 'delete';
      const update = {
        ...success,
        salesforceId: prepared.salesforceId ?? result.id,
        deletedThere: gone || success.deletedThere,
      };
      return { update };
    }
    const { error } = result;
    const unsettled: LinkUpdate = { ...success, due: 'due', sent: null, base: prepared.baseNow, frozen: null };
    if (prepared.earlier) unsettled.doubts = [...(success.doubts ?? []), prepared.earlier];
    if (write.op === 'create') {
      const existing = ownDuplicateOf(error);
      // Our own create of before, whose answer was lost: that record is it. The next slice merges with it.
      if (existing) return { update: { ...success, salesforceId: existing, due: 'due' as const } };
    }
    // At once again, about the contact that its lead became.
    if (conversions.contacts.has(taskId)) return { update: unsettled };
    if (error.kind === 'gone' && write.op === 'delete') return { update: { ...success, deletedThere: true } };
    const problem = {
      taskId,
      salesforceId: prepared.salesforceId,
      code: error.code,
      message: error.message,
      fields: error.fields,
    };
    // An update of a record that is gone: the next look finds that out. If it does not, it is a record that this one
    // names, and so it is for a create: that waits for a person.
    const namesGone =
      error.kind === 'gone' && (write.op === 'create' || (write.op === 'update' && prepared.attempts > 0));
    const final = isFinal(error, prepared.attempts) && !conversions.unanswered.has(taskId);
    if ((final && error.kind !== 'gone' && write.op !== 'restore') || namesGone) {
      return { update: { ...unsettled, parkedCode: error.code }, problem };
    }
    const attempts = prepared.attempts + 1;
    const notBefore = new Date(now.getTime() + backoffMs(attempts, Math.random()));
    const sent = error.doubtful ? prepared.sent : null;
    const update: LinkUpdate = { ...unsettled, attempts, notBefore, sent };
    return attempts >= SHOWN_AFTER ? { update, problem } : { update };
  }

  private async undelete(org: OrgContext, restores: readonly PreparedWrite[]): Promise<WriteResult[]> {
    if (restores.length === 0) return [];
    try {
      return await org.client.undelete(restores.map(({ salesforceId }) => salesforceId ?? ''));
    } catch (error) {
      throw await this.noted(org, restores, error);
    }
  }

  /** The trace keeps that a whole call failed, where that is about its records and not about the connection. */
  private async noted(org: OrgContext, writes: readonly PreparedWrite[], error: unknown): Promise<unknown> {
    if (!(error instanceof SalesforceError) || (error.kind !== 'retry' && !error.doubtful)) return error;
    await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      const attempts = writes.map((prepared) => attemptOf(prepared, { ok: false, error }));
      await this.attempts.record(tx, org.teamId, attempts, this.clock.now());
    });
    return error;
  }

  /** A record that another task is linked to cannot be ours: the create goes out again under a new key. */
  private async releaseTakenIds(
    tx: Tx,
    teamId: string,
    updates: LinkUpdate[],
    created: ReadonlySet<string>,
  ): Promise<void> {
    const ids = updates.flatMap((update) => (created.has(update.taskId) ? (update.salesforceId ?? []) : []));
    if (ids.length === 0) return;
    const taken = await this.links.bySalesforceIds(tx, teamId, ids);
    updates.forEach((update, index) => {
      const holder = taken.get(update.salesforceId ?? '');
      if (!holder || holder.taskId === update.taskId) return;
      updates[index] = {
        ...update,
        salesforceId: null,
        base: null,
        due: 'due',
        keyGeneration: update.keyGeneration + 1,
      };
    });
  }

  private async adapt(org: OrgContext, tookMs: number, congested: 'congested' | 'free'): Promise<void> {
    const { batchSize } = await this.states.read(org);
    const next = nextBatchSize(batchSize, { tookMs, congested });
    if (next === batchSize) return;
    await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      await this.states.write(tx, org, { batchSize: next });
    });
  }
}

/** Made anew, under a new key. */
function madeAnew(success: LinkUpdate): LinkUpdate {
  const keyGeneration = success.keyGeneration + 1;
  return { ...success, due: 'due', salesforceId: null, base: null, deletedThere: false, keyGeneration };
}
