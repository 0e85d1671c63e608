import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { SalesforceError } from '../client/errors.js';
import type { ApiUsage, CallMeter, EndOfCall } from '../client/types.js';
import { ApiBudgets, type BudgetRow, type MeteredOrg } from './api-budgets.repository.js';
import { ApiUsageRecorder } from './api-usage-recorder.js';
import { type CallFor, markOf, marksOf, type Shares } from './budget.js';
import { UsageEstimate } from './usage-estimate.js';

/** Refused by ourselves, before anything was sent. */
export const API_BUDGET_SPENT = 'API_BUDGET_SPENT';

/** From this part of the rest on, other processes are told of each call. */
const NEAR = 0.9;

interface Known {
  estimate: UsageEstimate;
  shares: Shares;
  /** One probe may be sent, whatever is known: by the forecast the window has freed. */
  probeGranted: boolean;
}

/**
 * Stands before each HTTP request to an org, retries included: counts it, and refuses it where the ceiling is. It goes
 * by what the org last said, here or in another process, and what was sent since. The org loop brings the row along;
 * for a person's call it is read, as another process may have used the rest. Calls on their way at the same moment in
 * several processes are not known to each other: the probes' part below the ceiling is wider than these.
 */
@Injectable()
export class ApiMeter {
  private readonly orgs = new Map<string, Known>();

  constructor(
    private readonly budgets: ApiBudgets,
    private readonly recorder: ApiUsageRecorder,
    private readonly clock: Clock,
  ) {}

  /** What the row says, or this process knows better. */
  adopt({ connectionId }: MeteredOrg, row: BudgetRow): UsageEstimate {
    const known = this.orgs.get(connectionId) ?? { estimate: new UsageEstimate(), shares: row, probeGranted: false };
    this.orgs.set(connectionId, known);
    known.shares = { sharePercent: row.sharePercent, reservePercent: row.reservePercent };
    if (row.apiUsed !== null && row.apiLimit !== null && row.apiSeenAt !== null) {
      known.estimate.adopt({ used: row.apiUsed, limit: row.apiLimit }, row.apiSeenAt);
    }
    return known.estimate;
  }

  /** Lets the next probe through, not its repetitions. */
  grantProbe({ connectionId }: MeteredOrg): void {
    const known = this.orgs.get(connectionId);
    if (known) known.probeGranted = true;
  }

  of(org: MeteredOrg): CallMeter {
    return { begin: (purpose, calls) => this.begin(org, purpose, calls) };
  }

  private async begin(org: MeteredOrg, purpose: string, calls: CallFor): Promise<EndOfCall> {
    const known = await this.known(org, calls);
    const now = this.clock.now();
    const usage = known?.estimate.at(now);
    const granted = calls === 'probe' && known?.probeGranted;
    if (known && granted) known.probeGranted = false;
    else if (known && usage && usage.used + 1 > markOf(marksOf(usage.limit, known.shares), calls)) {
      throw spent(usage, known.shares);
    }
    known?.estimate.sent();
    this.recorder.count(org, purpose, now);
    return (answered) => this.ended(org, known, answered);
  }

  private async known(org: MeteredOrg, calls: CallFor): Promise<Known | undefined> {
    if (calls === 'person' || !this.orgs.has(org.connectionId)) {
      const row = await this.budgets.read(org);
      if (row) this.adopt(org, row);
    }
    return this.orgs.get(org.connectionId);
  }

  private ended(org: MeteredOrg, known: Known | undefined, answered: ApiUsage | undefined): void {
    const now = this.clock.now();
    known?.estimate.ended(answered, now);
    const usage = known?.estimate.at(now);
    if (!known || !usage) return;
    const urgent = usage.used >= marksOf(usage.limit, known.shares).rest * NEAR;
    this.recorder.saw(org, usage, now, urgent);
  }
}

function spent({ used, limit }: ApiUsage, { sharePercent }: Shares): SalesforceError {
  const message = `${used} of the org's ${limit} API calls of 24 hours are used; up to ${sharePercent} % may be. It was not sent.`;
  return new SalesforceError({ code: API_BUDGET_SPENT, message, kind: 'limit' });
}
