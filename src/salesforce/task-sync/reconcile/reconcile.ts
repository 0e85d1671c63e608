import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/clock.js';
import type { Backlog } from '../../../platform/pipelines/pipeline.js';
import { Transactions } from '../../../platform/database/transactions.js';
import type { OrgContext, OrgWork, Turn } from '../../org-loop/org-context.js';
import { type LaneState, OrgStates } from '../../org-loop/org-states.repository.js';
import { Enrolments } from '../enrolments.repository.js';
import { OrgSchemas } from '../org-schema.service.js';
import { SyncNews } from '../../news/sync-news.js';
import { addCounts, type Run, Runs } from '../runs.repository.js';
import { noDrift } from './compare.js';
import { HerePass } from './here-pass.js';
import { ImprobableAbsenceError } from './improbable-absence.js';
import { LinkedPass } from './linked-pass.js';
import { ReconcileDemand } from './reconcile-demand.js';
import type { PassInput, ReconcilePage, ReconcilePosition } from './reconcile-pass.js';
import { ReconcileScan } from './reconcile-scan.repository.js';
import { TherePass } from './there-pass.js';

/** The least urgent work: how long its next page may wait behind other work. */
const PATIENCE_MS = 10 * 60_000;
/** The pull reads again so far back, so what is younger may be on its way to it. */
const YOUNG_MS = 15 * 60_000;

const START: ReconcilePosition = { phase: 'linked', after: '' };

/**
 * Compares both sides as a whole, a page a slice, and repairs what differs by the rules of the ongoing sync:
 *
 *   linked: our links, each record read by id ──▶ there: the reps' Tasks, new ones ──▶ here: what was never sent
 *
 * A page's repairs and its position are committed together, so a killed run goes on where it was. Nothing differs:
 * nothing is written but the run itself.
 */
@Injectable()
export class Reconcile implements OrgWork {
  readonly name = 'reconcile';
  // Only an urgency: forgotten at a restart.
  private readonly lastSlices = new Map<string, Date>();

  constructor(
    private readonly linked: LinkedPass,
    private readonly there: TherePass,
    private readonly here: HerePass,
    private readonly scan: ReconcileScan,
    private readonly demand: ReconcileDemand,
    private readonly enrolments: Enrolments,
    private readonly states: OrgStates,
    private readonly schemas: OrgSchemas,
    private readonly runs: Runs,
    private readonly news: SyncNews,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  dueLanes(now: Date, limit: number): Promise<string[]> {
    return this.scan.dueLanes(now, limit);
  }

  backlog(now: Date): Promise<Omit<Backlog, 'work'>> {
    return this.scan.backlog(now);
  }

  async turn(org: LaneState, now: Date): Promise<Turn | null> {
    const { nextReconcileAt, pullCursor } = org;
    if (!nextReconcileAt || !pullCursor) return null;
    if (nextReconcileAt <= now && (await this.enrolments.anyWaiting(org.teamId))) return null;
    const last = this.lastSlices.get(org.connectionId) ?? nextReconcileAt;
    return { readyAt: nextReconcileAt, deadline: new Date(last.getTime() + PATIENCE_MS) };
  }

  async slice(org: OrgContext): Promise<void> {
    const calls = org.client.calls.total;
    const run = (await this.runs.running(org.teamId, 'reconcile')) ?? (await this.begin(org));
    const { pullCursor } = await this.states.read(org);
    const horizon = new Date((pullCursor?.getTime() ?? 0) - YOUNG_MS);
    const schema = await this.schemas.get(org);
    let page: ReconcilePage;
    try {
      page = await this.page(org, (run.position ?? START) as ReconcilePosition, { schema, horizon });
    } catch (error) {
      if (error instanceof ImprobableAbsenceError) return this.fail(org, run, error);
      throw error;
    }
    const now = this.clock.now();
    await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      const counts = addCounts({ ...run.counts }, await page.apply(tx));
      const apiCalls = run.apiCalls + org.client.calls.total - calls;
      const position = page.next === 'end' ? null : page.next;
      await this.runs.progress(tx, org.teamId, run.id, { done: run.done + page.rows, counts, apiCalls, position });
      this.news.runProgress(tx, org.teamId, run.id, []);
      if (page.next !== 'end') return;
      await this.runs.finish(tx, org.teamId, run.id, 'done', now);
      await this.demand.bySchedule(tx, org, now);
    });
    if (page.next === 'end') this.lastSlices.delete(org.connectionId);
    else this.lastSlices.set(org.connectionId, now);
  }

  private page(org: OrgContext, position: ReconcilePosition, input: PassInput): Promise<ReconcilePage> {
    switch (position.phase) {
      case 'linked':
        return this.linked.page(org, position, input);
      case 'there':
        return this.there.page(org, position, input);
      case 'here':
        return this.here.page(org, position, input);
    }
  }

  private async begin(org: OrgContext): Promise<Run> {
    await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      if (await this.runs.running(org.teamId, 'reconcile', tx)) return;
      await this.runs.start(tx, org.teamId, 'reconcile', this.clock.now(), START, noDrift());
    });
    const run = await this.runs.running(org.teamId, 'reconcile');
    if (!run) throw new Error('The reconcile that was just begun is not running.');
    return run;
  }

  /** We may not see everything: the run ends and says why; the alarm looks again and asks for a new one. */
  private async fail(org: OrgContext, run: Run, error: ImprobableAbsenceError): Promise<void> {
    this.lastSlices.delete(org.connectionId);
    await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      const now = this.clock.now();
      await this.runs.finish(tx, org.teamId, run.id, 'failed', now, error.message);
      await this.demand.bySchedule(tx, org, now);
    });
  }
}
