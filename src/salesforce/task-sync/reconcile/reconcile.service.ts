import { Injectable } from '@nestjs/common';
import { Audit } from '../../../accounts/audit/audit.js';
import { Clock } from '../../../platform/clock/clock.js';
import { Transactions } from '../../../platform/database/transactions.js';
import { ProductError } from '../../../platform/errors/product-error.js';
import { WakeUps } from '../../../platform/pipelines/wake-ups.js';
import { SALESFORCE_ORG } from '../../org-loop/org-loop.js';
import { OrgStates } from '../../org-loop/org-states.repository.js';
import { Enrolments } from '../enrolments.repository.js';
import { type Run, Runs } from '../runs.repository.js';
import { noDrift } from './compare.js';

/** A reconcile on demand. */
@Injectable()
export class ReconcileService {
  constructor(
    private readonly states: OrgStates,
    private readonly enrolments: Enrolments,
    private readonly runs: Runs,
    private readonly wakeUps: WakeUps,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** Begins one, or answers the one that is running. */
  async start(teamId: string, actor: string): Promise<Run> {
    const id = await this.transactions.run(async (tx) => {
      const org = await this.states.laneOfTeam(teamId, tx);
      if (!org) throw new ProductError('salesforce_not_connected');
      // Two who ask at once: the second waits here and finds the first one's.
      await this.states.lock(tx, org);
      const running = await this.runs.running(teamId, 'reconcile', tx);
      if (running) return running.id;
      if (!(await this.enrolments.anybody(tx, teamId))) {
        throw new ProductError('conflict', 'Nobody syncs tasks yet, so there is nothing to compare.');
      }
      const now = this.clock.now();
      await this.states.write(tx, org, { nextReconcileAt: now });
      this.wakeUps.wakeAfterCommit(tx, SALESFORCE_ORG, org.connectionId);
      const started = await this.runs.start(tx, teamId, 'reconcile', now, null, noDrift());
      const target = { type: 'sync_run', id: started };
      await this.audit.record(tx, { teamId, actor, action: 'salesforce.reconcile_started', target });
      return started;
    });
    const run = await this.runs.find(teamId, id);
    if (!run) throw new ProductError('not_found', 'There is no run of that id.');
    return run;
  }
}
