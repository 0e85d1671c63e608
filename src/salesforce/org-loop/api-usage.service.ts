import { Injectable } from '@nestjs/common';
import { Audit } from '../../accounts/audit/audit.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { WakeUps } from '../../platform/pipelines/wake-ups.js';
import { ApiBudgets } from '../api-budget/api-budgets.repository.js';
import { ApiMeter } from '../api-budget/api-meter.js';
import { ApiUsageRecorder } from '../api-budget/api-usage-recorder.js';
import type { Shares } from '../api-budget/budget.js';
import { apiUsageView } from './api-usage-view.js';
import type { ApiUsageDto } from './api-usage.dto.js';
import { Governor } from './governor.js';
import { SALESFORCE_ORG } from './org-loop.js';
import { OrgStates } from './org-states.repository.js';

const HOUR_MS = 3_600_000;

/** What an admin sees of the API budget, and sets. */
@Injectable()
export class ApiUsageService {
  constructor(
    private readonly states: OrgStates,
    private readonly governor: Governor,
    private readonly meter: ApiMeter,
    private readonly budgets: ApiBudgets,
    private readonly recorder: ApiUsageRecorder,
    private readonly transactions: Transactions,
    private readonly wakeUps: WakeUps,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  async read(teamId: string, hours: number): Promise<ApiUsageDto> {
    // What this process has not written yet; others are at most seconds behind.
    await this.recorder.settled();
    const org = await this.states.laneOfTeam(teamId);
    const state = org && (await this.states.lane(org.connectionId));
    if (!state) throw new ProductError('salesforce_not_connected');
    const now = this.clock.now();
    const [{ allowances }, ownHours, calls] = await Promise.all([
      this.governor.look(state, now),
      this.budgets.hours(state, new Date(now.getTime() - 24 * HOUR_MS)),
      this.budgets.hoursAndPurposes(state, new Date(now.getTime() - hours * HOUR_MS)),
    ]);
    const usage = this.meter.adopt(state, state).at(now);
    return apiUsageView({ row: state, usage, allowances, quietUntil: state.quietUntil, ownHours, calls, now });
  }

  /** What is held back is decided anew, at once. */
  async setShares(teamId: string, shares: Shares, actor: string): Promise<void> {
    if (shares.reservePercent >= shares.sharePercent) {
      const message = 'The reserve is a part of the share: choose a smaller one.';
      throw new ProductError('invalid_input', undefined, [{ field: 'reserve_percent', message }]);
    }
    await this.transactions.run(async (tx) => {
      const org = await this.states.laneOfTeam(teamId, tx);
      if (!org) throw new ProductError('salesforce_not_connected');
      await this.budgets.setShares(tx, org, shares);
      const details = { share_percent: shares.sharePercent, reserve_percent: shares.reservePercent };
      await this.audit.record(tx, { teamId, actor, action: 'salesforce.api_budget_set', details });
      this.wakeUps.wakeAfterCommit(tx, SALESFORCE_ORG, org.connectionId);
    });
  }
}
