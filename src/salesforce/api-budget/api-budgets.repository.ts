import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import type { HourOfCalls, Shares } from './budget.js';

/** Whose calls. */
export interface MeteredOrg {
  teamId: string;
  connectionId: string;
}

/** What an org's row says of its budget. */
export interface BudgetRow extends Shares {
  apiUsed: number | null;
  apiLimit: number | null;
  apiSeenAt: Date | null;
}

export interface CallsOfHour extends HourOfCalls {
  purpose: string;
}

/** For statements that read the budget along with more of the row `s`. */
export const BUDGET_COLUMNS = `s.api_used AS "apiUsed", s.api_limit AS "apiLimit", s.api_seen_at AS "apiSeenAt",
  s.api_share_percent AS "sharePercent", s.api_reserve_percent AS "reservePercent"`;

@Injectable()
export class ApiBudgets {
  constructor(private readonly transactions: Transactions) {}

  async read({ teamId, connectionId }: MeteredOrg): Promise<BudgetRow | undefined> {
    const [row] = await this.transactions.query<BudgetRow>(
      `SELECT ${BUDGET_COLUMNS} FROM salesforce_org_states s WHERE s.team_id = $1 AND s.connection_id = $2`,
      [teamId, connectionId],
    );
    return row;
  }

  /** What is held back is decided anew. */
  async setShares(tx: Tx, { teamId, connectionId }: MeteredOrg, shares: Shares): Promise<void> {
    await tx.query(
      `UPDATE salesforce_org_states SET api_share_percent = $3, api_reserve_percent = $4, api_holds = NULL
       WHERE team_id = $1 AND connection_id = $2`,
      [teamId, connectionId, shares.sharePercent, shares.reservePercent],
    );
  }

  /** Our calls by hour, of hours that ended after `since`. */
  async hours({ teamId, connectionId }: MeteredOrg, since: Date): Promise<HourOfCalls[]> {
    return this.transactions.query<HourOfCalls>(
      `SELECT hour, sum(calls)::int AS calls FROM salesforce_api_calls
       WHERE team_id = $1 AND connection_id = $2 AND hour > $3::timestamptz - interval '1 hour'
       GROUP BY hour ORDER BY hour`,
      [teamId, connectionId, since],
    );
  }

  async hoursAndPurposes({ teamId, connectionId }: MeteredOrg, since: Date): Promise<CallsOfHour[]> {
    return this.transactions.query<CallsOfHour>(
      `SELECT hour, purpose, calls FROM salesforce_api_calls
       WHERE team_id = $1 AND connection_id = $2 AND hour > $3::timestamptz - interval '1 hour'
       ORDER BY hour, purpose`,
      [teamId, connectionId, since],
    );
  }
}
