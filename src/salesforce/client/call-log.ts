import { Injectable, Logger } from '@nestjs/common';
import { MetricsRegistry } from '../../platform/metrics/metrics-registry.js';
import type { MeteredOrg } from '../api-budget/api-budgets.repository.js';
import type { CallSeen } from './types.js';

const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60];

/** A line and a figure for each request to an org: what it was for and how it ended, never what it carried. */
@Injectable()
export class CallLog {
  private readonly logger = new Logger('SalesforceCall');
  private readonly durations;

  constructor(metrics: MetricsRegistry) {
    this.durations = metrics.histogram(
      'salesforce_call_duration_seconds',
      'How long requests to Salesforce took, retries counted apart; outcome is done, or what kind of failure',
      ['purpose', 'outcome'],
      BUCKETS,
    );
  }

  seen({ teamId, connectionId }: MeteredOrg, { purpose, ms, status, error }: CallSeen): void {
    this.durations.observe({ purpose, outcome: error?.kind ?? 'done' }, ms / 1000);
    const line = {
      team_id: teamId,
      connection: connectionId,
      purpose,
      ms,
      ...(status !== undefined && { status }),
      ...(error && { code: error.code }),
    };
    // Without an answer, or with one that says that the org itself is in trouble.
    if (error && (status === undefined || status >= 500)) this.logger.warn(line, 'a Salesforce call failed');
    else this.logger.debug(line, 'a Salesforce call');
  }
}
