import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../../../platform/database/transactions.js';
import type { OrgContext } from '../../org-loop/org-context.js';
import type { Link } from '../links.repository.js';
import { PushReader } from '../push-reader.js';
import { RemoteNames } from '../remote-names.js';
import { addCounts, type Counts } from '../runs.repository.js';
import { type Pair, TaskMerger } from '../task-merger.js';
import { AlarmService } from './alarm.service.js';
import { differenceOf } from './compare.js';
import { ImprobableAbsenceError } from './improbable-absence.js';
import { PAGE, type PassInput, type PositionOf, type ReconcilePage, type ReconcilePass } from './reconcile-pass.js';
import { ReconcileScan } from './reconcile-scan.repository.js';

/** Reads every linked record by its id and merges those that differ from what both sides agreed on. */
@Injectable()
export class LinkedPass implements ReconcilePass<PositionOf<'linked'>> {
  constructor(
    private readonly scan: ReconcileScan,
    private readonly reader: PushReader,
    private readonly names: RemoteNames,
    private readonly merger: TaskMerger,
    private readonly alarms: AlarmService,
    private readonly transactions: Transactions,
  ) {}

  async page(org: OrgContext, position: PositionOf<'linked'>, input: PassInput): Promise<ReconcilePage> {
    const links = await this.scan.linked(org.teamId, position.after, PAGE);
    const counts: Counts = { compared: links.length };
    const pairs = links.length > 0 ? await this.read(org, links, counts) : [];
    const byTask = new Map(links.map((link) => [link.taskId, link]));
    const differing: { pair: Pair; kind: string | null }[] = [];
    for (const pair of pairs) {
      const link = byTask.get(pair.taskId);
      const kind = link && differenceOf(link, pair.remote);
      if (kind) differing.push({ pair, kind: kind === 'archived' || isRecent(pair, input.horizon) ? null : kind });
    }
    const names = await this.names.read(
      org,
      differing.flatMap(({ pair }) => (typeof pair.remote === 'string' ? [] : [pair.remote])),
    );
    const last = links.length === PAGE ? links.at(-1) : undefined;
    return {
      rows: links.length,
      next: last
        ? { phase: 'linked', after: last.taskId }
        : { phase: 'there', reps: { after: '', upTo: null }, after: '' },
      apply: async (tx) => {
        if (differing.length === 0) return counts;
        await this.names.store(tx, org.teamId, names);
        return this.repair(tx, org, input, differing, counts);
      },
    };
  }

  private async repair(
    tx: Tx,
    org: OrgContext,
    { schema }: PassInput,
    differing: readonly { pair: Pair; kind: string | null }[],
    counts: Counts,
  ): Promise<Counts> {
    const ids = differing.map(({ pair }) => pair.taskId);
    const frozen = await this.scan.frozen(tx, org.teamId, ids);
    const moving = differing.filter(({ pair }) => !frozen.has(pair.taskId));
    const pairs = moving.map(({ pair }) => pair);
    const total = addCounts({}, counts);
    addCounts(total, (await this.merger.merge(tx, org, schema, pairs, 'pull')).counts);
    for (const { kind } of moving) {
      addCounts(total, kind ? { [`found_${kind}`]: 1, [`repaired_${kind}`]: 1 } : { left_to_the_pull: 1 });
    }
    return total;
  }

  /** Whose absence proves nothing is left out, under an alarm. */
  private async read(org: OrgContext, links: readonly Link[], counts: Counts): Promise<readonly Pair[]> {
    try {
      return await this.reader.read(org, links);
    } catch (error) {
      if (!(error instanceof ImprobableAbsenceError)) throw error;
      await this.transactions.run(async (tx) => {
        await org.lease.check(tx);
        await this.alarms.raise(tx, org.teamId, error);
      });
      // Blind: what this run would still see is not to be trusted.
      if (error.seesAll === false) throw error;
      addCounts(counts, { held_by_alarm: error.absent.length });
      return error.present;
    }
  }
}

function isRecent({ remote }: Pair, horizon: Date): boolean {
  return typeof remote !== 'string' && Date.parse(remote.SystemModstamp) > horizon.getTime();
}
