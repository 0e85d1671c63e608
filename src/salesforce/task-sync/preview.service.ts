import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { dateInZone } from '../../platform/clock/local-date.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import type { SalesforceClient } from '../client/salesforce-client.js';
import { forCaller } from '../client/product-error.js';
import { SalesforceClients } from '../client/salesforce-clients.js';
import { type ReadFor, REPS_IN_A_QUERY, whereOf } from './scope.js';
import { SYNC_SCOPES, type SyncScope } from './task-sync-settings.entity.js';

export interface Preview {
  /** Salesforce Tasks that each scope takes in, before those that are no tasks here are left out. */
  scopes: Record<SyncScope, number>;
  /** Of the chosen scope, how many are left out, by reason. */
  leftOut: { recurringSeries: number; loggedEmails: number };
  /** Tasks that are linked from before and will be merged. */
  linked: number;
  /** Users that cannot be turned on, for want of a match. */
  unmatched: string[];
  /** Calls that the first-time sync will cost, about. */
  apiCalls: number;
}

const PAGE = 2_000;

/** Says what a first-time sync would do, before anything is done. */
@Injectable()
export class PreviewService {
  constructor(
    private readonly clients: SalesforceClients,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  async preview(teamId: string, userIds: readonly string[], scope: SyncScope): Promise<Preview> {
    const users = await this.transactions.query<{ id: string; timeZone: string; salesforceUserId: string | null }>(
      `SELECT u.id, u.time_zone AS "timeZone", m.salesforce_user_id AS "salesforceUserId" FROM users u
       LEFT JOIN salesforce_user_matches m ON m.team_id = u.team_id AND m.user_id = u.id
       WHERE u.team_id = $1 AND u.id = ANY($2::uuid[])`,
      [teamId, userIds],
    );
    if (users.length < new Set(userIds).size)
      throw new ProductError('not_found', 'One of these users is not in your team.');
    const client = await this.clients.for(teamId);
    const matched = users.filter((user) => user.salesforceUserId !== null);
    const now = this.clock.now();
    const count = (chosen: SyncScope, and = '') => {
      const reps = matched.map((user) => ({
        userId: user.id,
        salesforceUserId: user.salesforceUserId ?? '',
        scope: chosen,
        today: dateInZone(now, user.timeZone),
      }));
      return this.count(client, reps, now, and);
    };
    const scopes = { recent: 0, due: 0, open: 0, all: 0 };
    const leftOut = { recurringSeries: 0, loggedEmails: 0 };
    if (matched.length > 0) {
      for (const name of SYNC_SCOPES) scopes[name] = await count(name);
      leftOut.recurringSeries = await count(scope, ' AND IsRecurrence = TRUE');
      leftOut.loggedEmails = await count(scope, ` AND TaskSubtype IN ('Email', 'ListEmail', 'Cadence')`);
    }
    const linked = await this.linked(teamId, userIds);
    const queries = Math.max(1, Math.ceil(matched.length / REPS_IN_A_QUERY));
    return {
      scopes,
      leftOut,
      linked,
      unmatched: users.filter((user) => user.salesforceUserId === null).map((user) => user.id),
      // Three of schema, a count for each query's reps; a page each, and about two for the people and records it names.
      apiCalls: 3 + queries + (queries + Math.floor(scopes[scope] / PAGE)) * 3 + Math.ceil(linked / PAGE),
    };
  }

  /** A query for as many reps as fit into one. */
  private async count(client: SalesforceClient, all: readonly ReadFor[], at: Date, and: string): Promise<number> {
    let sum = 0;
    for (let start = 0; start < all.length; start += REPS_IN_A_QUERY) {
      const soql = `SELECT COUNT() FROM Task WHERE ${whereOf(all.slice(start, start + REPS_IN_A_QUERY), at)}${and}`;
      sum += await forCaller(() => client.count(soql, { purpose: 'preview', deletedToo: true }));
    }
    return sum;
  }

  private async linked(teamId: string, userIds: readonly string[]): Promise<number> {
    const [row] = await this.transactions.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM task_links l JOIN tasks t ON t.team_id = l.team_id AND t.id = l.task_id
       WHERE l.team_id = $1 AND l.salesforce_id IS NOT NULL AND t.assignee_id = ANY($2::uuid[])`,
      [teamId, userIds],
    );
    return row?.count ?? 0;
  }
}
