import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { OrgContext } from '../org-loop/org-context.js';
import { OrgStates } from '../org-loop/org-states.repository.js';
import { ReconcileDemand } from './reconcile/reconcile-demand.js';
import { keyFieldState, type OrgSchema } from './org-schema.js';

// Picklists and the key field change rarely; a call that names a field which is gone makes the org loop ask at once.
const FRESH_MS = 10 * 60_000;

/** What the org looks like, read again when it is old, kept with the org's state. */
@Injectable()
export class OrgSchemas {
  constructor(
    private readonly states: OrgStates,
    private readonly reconcile: ReconcileDemand,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  async get(org: OrgContext): Promise<OrgSchema> {
    const state = await this.states.read(org);
    const age = state.orgSchemaAt ? this.clock.now().getTime() - state.orgSchemaAt.getTime() : Infinity;
    if (state.orgSchema && age >= 0 && age < FRESH_MS) return state.orgSchema as OrgSchema;
    return this.read(org);
  }

  /** Reads it again, whatever its age. */
  async read(org: OrgContext): Promise<OrgSchema> {
    org.client.forgetDescribe('Task');
    const task = await org.client.describe('Task', { purpose: 'schema' });
    const statuses = await org.client.page<{ ApiName: string; IsClosed: boolean; IsDefault: boolean }>(
      'SELECT ApiName, IsClosed, IsDefault FROM TaskStatus ORDER BY SortOrder LIMIT 2000',
      { purpose: 'schema', deletedToo: false },
    );
    const priorities = await org.client.page<{ ApiName: string; IsHighPriority: boolean; IsDefault: boolean }>(
      'SELECT ApiName, IsHighPriority, IsDefault FROM TaskPriority ORDER BY SortOrder LIMIT 2000',
      { purpose: 'schema', deletedToo: false },
    );
    const schema: OrgSchema = {
      statuses: statuses.records.map((row) => ({
        value: row.ApiName,
        isClosed: row.IsClosed,
        isDefault: row.IsDefault,
      })),
      priorities: priorities.records.map((row) => ({
        value: row.ApiName,
        isHigh: row.IsHighPriority,
        isDefault: row.IsDefault,
      })),
      keyField: keyFieldState(task.fields),
    };
    await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      const now = this.clock.now();
      const { orgSchema: before, pullCursor } = await this.states.read(org, tx);
      await this.states.write(tx, org, { orgSchema: schema, orgSchemaAt: now });
      // What was left alone because it could not be told whose it is can be told now.
      const isBack = (before as OrgSchema | null)?.keyField === 'missing' && schema.keyField !== 'missing';
      if (isBack && pullCursor) await this.reconcile.everythingNow(tx, org, now);
    });
    return schema;
  }
}
