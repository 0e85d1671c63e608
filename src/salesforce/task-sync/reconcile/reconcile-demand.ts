import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import type { Tx } from '../../../platform/database/transactions.js';
import type { OrgLane } from '../../org-loop/org-context.js';
import { OrgStates } from '../../org-loop/org-states.repository.js';
import { Runs } from '../runs.repository.js';
import { nextReconcile } from './reconcile-schedule.js';

/** When a team's two sides are compared next. */
@Injectable()
export class ReconcileDemand {
  constructor(
    private readonly states: OrgStates,
    private readonly runs: Runs,
    private readonly config: Config,
  ) {}

  /** Something may have been missed until now: everything is compared at once, also by a run that is half through. */
  async everythingNow(tx: Tx, org: OrgLane, now: Date): Promise<void> {
    await this.states.write(tx, org, { nextReconcileAt: now });
    const run = await this.runs.running(org.teamId, 'reconcile', tx);
    if (run) await this.runs.restart(tx, org.teamId, run.id);
  }

  /** The next one by the clock. */
  async bySchedule(tx: Tx, org: OrgLane, now: Date): Promise<void> {
    const days = this.config.get('SALESFORCE_RECONCILE_DAYS');
    const hour = this.config.get('SALESFORCE_RECONCILE_HOUR');
    await this.states.write(tx, org, { nextReconcileAt: nextReconcile(now, org.teamId, days, hour) });
  }

  /** The first rep syncs. */
  async begin(tx: Tx, org: OrgLane, now: Date): Promise<void> {
    const { nextReconcileAt } = await this.states.read(org, tx);
    if (!nextReconcileAt) await this.bySchedule(tx, org, now);
  }

  /** Nobody syncs any more: there is nothing to compare. */
  async stop(tx: Tx, org: OrgLane, now: Date): Promise<void> {
    await this.states.write(tx, org, { nextReconcileAt: null });
    const run = await this.runs.running(org.teamId, 'reconcile', tx);
    if (run) await this.runs.finish(tx, org.teamId, run.id, 'cancelled', now);
  }
}
