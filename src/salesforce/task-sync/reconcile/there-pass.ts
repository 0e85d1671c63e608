import { Injectable } from '@nestjs/common';
import { Transactions, type Tx } from '../../../platform/database/transactions.js';
import { quote } from '../../client/soql.js';
import type { OrgContext } from '../../org-loop/org-context.js';
import { type Link, Links } from '../links.repository.js';
import { KEY_FIELD } from '../org-schema.js';
import { PageApplier } from '../page-applier.js';
import { RemoteNames } from '../remote-names.js';
import { readFields, taskIdOfKey, type TaskRecord, whyNotATask } from '../remote-task.js';
import { addCounts, type Counts } from '../runs.repository.js';
import { REPS_IN_A_QUERY, whereOf } from '../scope.js';
import { belongsHere, differenceOf, type ReconciledRep } from './compare.js';
import { PAGE, type PassInput, type PositionOf, type ReconcilePage, type ReconcilePass } from './reconcile-pass.js';
import { ReconcileScan } from './reconcile-scan.repository.js';

/** Reads the reps' Tasks in the order of their ids and takes over those that are not here and must be. */
@Injectable()
export class TherePass implements ReconcilePass<PositionOf<'there'>> {
  constructor(
    private readonly scan: ReconcileScan,
    private readonly links: Links,
    private readonly names: RemoteNames,
    private readonly applier: PageApplier,
    private readonly transactions: Transactions,
  ) {}

  async page(org: OrgContext, position: PositionOf<'there'>, input: PassInput): Promise<ReconcilePage> {
    const { reps: range, after } = position;
    const reps = await this.scan.reps(org.teamId, range.after, range.upTo, REPS_IN_A_QUERY);
    const upTo = range.upTo ?? reps.at(-1)?.salesforceUserId;
    if (!upTo) return { rows: 0, next: { phase: 'here', after: '' }, apply: () => Promise.resolve({}) };
    const records = reps.length > 0 ? await this.read(org, reps, after, input) : [];
    const last = records.length === PAGE ? records.at(-1) : undefined;
    const news = await this.newsOf(org, reps, records);
    const names = await this.names.read(org, news);
    return {
      rows: records.length,
      next: last
        ? { phase: 'there', reps: { after: range.after, upTo }, after: last.Id }
        : { phase: 'there', reps: { after: upTo, upTo: null }, after: '' },
      apply: async (tx) => {
        if (news.length === 0) return {};
        await this.names.store(tx, org.teamId, names);
        return this.repair(tx, org, input, news);
      },
    };
  }

  private async read(
    org: OrgContext,
    reps: readonly ReconciledRep[],
    after: string,
    { schema }: PassInput,
  ): Promise<TaskRecord[]> {
    // The widest that any of them needs, so that the query has one condition for each scope; rows are looked at singly.
    const enrolledAt = new Date(Math.min(...reps.map((rep) => rep.enrolledAt.getTime())) + Math.min(0, org.skewMs));
    const today = reps.map((rep) => rep.enrolledOn).reduce((first, day) => (day < first ? day : first));
    const where = whereOf(
      reps.map(({ userId, salesforceUserId, readScope }) => ({
        userId,
        salesforceUserId,
        scope: readScope ?? 'recent',
        today,
      })),
      enrolledAt,
    );
    const { records } = await org.client.page<TaskRecord>(
      `SELECT ${readFields(schema.keyField !== 'missing').join(', ')} FROM Task
       WHERE ${where}${after ? ` AND Id > ${quote(after)}` : ''} ORDER BY Id LIMIT ${PAGE}`,
      { purpose: 'reconcile', deletedToo: true },
    );
    return records;
  }

  /** What is not here as it is there: unlinked rows that must be here, and linked ones that differ. */
  private async newsOf(
    org: OrgContext,
    reps: readonly ReconciledRep[],
    records: readonly TaskRecord[],
  ): Promise<TaskRecord[]> {
    if (records.length === 0) return [];
    const byOwner = new Map(reps.map((rep) => [rep.salesforceUserId, rep]));
    const links = await this.transactions.run((tx) => this.linksOf(tx, org, records));
    return records.filter((row) => {
      const link = links.get(row.Id);
      if (link) return !link.frozen && differenceOf(link, row) !== undefined;
      const rep = byOwner.get(row.OwnerId);
      return rep !== undefined && whyNotATask(row) === undefined && belongsHere(row, rep, org.skewMs);
    });
  }

  private async repair(tx: Tx, org: OrgContext, { schema, horizon }: PassInput, news: TaskRecord[]): Promise<Counts> {
    const links = await this.linksOf(tx, org, news);
    const lost = await this.relink(tx, org, news, links);
    const counts: Counts = {};
    for (const row of news) {
      const link = links.get(row.Id);
      const kind = link ? differenceOf(link, row) : lost.has(row.Id) ? 'lost_link' : 'missing_here';
      const recent = Date.parse(row.SystemModstamp) > horizon.getTime();
      if (!kind || kind === 'archived' || recent) addCounts(counts, { left_to_the_pull: 1 });
      else addCounts(counts, { [`found_${kind}`]: 1, [`repaired_${kind}`]: 1 });
    }
    const { imported, linked, merged, conflicts } = await this.applier.apply(tx, org, schema, news, 'first');
    return addCounts(counts, {
      imported: imported ?? 0,
      linked: linked ?? 0,
      merged: merged ?? 0,
      conflicts: conflicts ?? 0,
    });
  }

  /** Rows that carry the key of a task here: it gets its link back, and is found by its key, not imported twice. */
  private async relink(
    tx: Tx,
    org: OrgContext,
    news: readonly TaskRecord[],
    links: ReadonlyMap<string, Link>,
  ): Promise<Set<string>> {
    const rowOfTask = new Map<string, string>();
    for (const row of news) {
      const taskId = links.has(row.Id) ? undefined : taskIdOfKey(row[KEY_FIELD]);
      if (taskId) rowOfTask.set(taskId, row.Id);
    }
    if (rowOfTask.size === 0) return new Set();
    const taskIds = [...rowOfTask.keys()];
    const unlinked = await this.scan.unlinked(tx, org.teamId, taskIds);
    await this.links.make(tx, org.teamId, unlinked);
    const known = await this.links.lock(tx, org.teamId, taskIds.sort());
    const lost = [...known.values()].filter((link) => link.salesforceId === null);
    return new Set(lost.map((link) => rowOfTask.get(link.taskId) ?? ''));
  }

  private linksOf(tx: Tx, org: OrgContext, rows: readonly TaskRecord[]): Promise<Map<string, Link>> {
    return this.links.bySalesforceIds(
      tx,
      org.teamId,
      rows.map((row) => row.Id),
    );
  }
}
