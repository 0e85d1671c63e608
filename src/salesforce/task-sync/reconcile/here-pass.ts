import { Injectable } from '@nestjs/common';
import { TaskStore } from '../../../command-center/tasks/task-store.js';
import { Clock } from '../../../platform/clock/clock.js';
import { Transactions } from '../../../platform/database/transactions.js';
import type { OrgContext } from '../../org-loop/org-context.js';
import { type Link, Links } from '../links.repository.js';
import { MappingLoader } from '../mapping-loader.js';
import { addCounts, type Counts } from '../runs.repository.js';
import { type DriftKind, hasUnsentChange } from './compare.js';
import { PAGE, type PassInput, type PositionOf, type ReconcilePage, type ReconcilePass } from './reconcile-pass.js';
import { ReconcileScan } from './reconcile-scan.repository.js';

/** Compares our tasks with what was agreed, without a call, and marks as due what nobody would send. */
@Injectable()
export class HerePass implements ReconcilePass<PositionOf<'here'>> {
  constructor(
    private readonly scan: ReconcileScan,
    private readonly links: Links,
    private readonly store: TaskStore,
    private readonly mappings: MappingLoader,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  async page(org: OrgContext, position: PositionOf<'here'>, input: PassInput): Promise<ReconcilePage> {
    const links = await this.scan.resting(org.teamId, position.after, PAGE);
    const unsent = links.length > 0 ? await this.unsent(org, links, input) : new Map<string, DriftKind>();
    const last = links.length === PAGE ? links.at(-1) : undefined;
    return {
      rows: 0,
      next: last ? { phase: 'here', after: last.taskId } : 'end',
      apply: async (tx) => {
        const counts: Counts = {};
        if (unsent.size === 0) return counts;
        await this.links.mark(tx, org.teamId, [...unsent.keys()], [], this.clock.now());
        for (const kind of unsent.values()) addCounts(counts, { [`found_${kind}`]: 1, [`repaired_${kind}`]: 1 });
        return counts;
      },
    };
  }

  private async unsent(
    org: OrgContext,
    links: readonly Link[],
    { schema }: PassInput,
  ): Promise<Map<string, DriftKind>> {
    return this.transactions.run(async (tx) => {
      const tasks = await this.store.read(
        tx,
        org.teamId,
        links.map((link) => link.taskId),
      );
      const mapping = await this.mappings.load(tx, org.teamId, schema, {
        ownerIds: [],
        assigneeIds: [...tasks.values()].map((task) => task.values.assigneeId),
        whoIds: [],
        whatIds: [],
      });
      const found = new Map<string, DriftKind>();
      for (const link of links) {
        const task = tasks.get(link.taskId);
        if (link.sent) found.set(link.taskId, 'unsettled_write');
        else if (task && hasUnsentChange(task.values, link, mapping)) found.set(link.taskId, 'lost_mark');
      }
      return found;
    });
  }
}
