import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import type { Backlog } from '../../platform/pipelines/pipeline.js';
import { dateInZone } from '../../platform/clock/local-date.js';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import { quote } from '../client/soql.js';
import type { OrgContext, OrgLane, OrgWork, Turn } from '../org-loop/org-context.js';
import { SyncNews } from '../news/sync-news.js';
import { Enrolments } from './enrolments.repository.js';
import { type Link, Links } from './links.repository.js';
import { STATISTICS, wantsStatistics } from './load-statistics.js';
import type { OrgSchema } from './org-schema.js';
import { OrgSchemas } from './org-schema.service.js';
import { PageApplier } from './page-applier.js';
import { PushReader } from './push-reader.js';
import { AlarmService } from './reconcile/alarm.service.js';
import { ImprobableAbsenceError } from './reconcile/improbable-absence.js';
import { RemoteNames } from './remote-names.js';
import { readFields, type TaskRecord } from './remote-task.js';
import { addCounts, type Run, Runs } from './runs.repository.js';
import { FIRST_REPS, rangeOf, type ReadFor, type RepRange, whereOf } from './scope.js';
import { type Pair, TaskMerger } from './task-merger.js';

/** How long its next page may wait behind other work. */
const PATIENCE_MS = 20_000;

/** After a slice: the run goes on, or it has ended. */
type Outcome = 'on' | 'over';

/** Where a first-time sync stands. */
interface Position {
  enrolledAt: string;
  phase: 'linked' | 'counting' | 'reading';
  /** The reps of the present query. Left out: the first ones. */
  range?: RepRange;
  /** Id of the last task of this range that was merged, or read. */
  after: string;
  /** Tasks of the ranges that are counted. */
  counted?: number;
}

/**
 * The first-time sync of all reps that were enrolled together, in one run, a page a slice:
 *
 *   linked: links from an earlier time, merged with what happened meanwhile ──▶ counting ──▶ reading, in order of ids
 *
 * The ids of many reps do not fit into one query: they are counted and read range by range. A page's rows and its
 * position are committed together, so a killed run goes on where it was.
 */
@Injectable()
export class FirstSync implements OrgWork {
  readonly name = 'first_sync';
  /** Rows in a page: as many as Salesforce answers at once. */
  protected readonly pageRows: number = 2_000;

  constructor(
    private readonly enrolments: Enrolments,
    private readonly links: Links,
    private readonly schemas: OrgSchemas,
    private readonly names: RemoteNames,
    private readonly applier: PageApplier,
    private readonly reader: PushReader,
    private readonly merger: TaskMerger,
    private readonly alarms: AlarmService,
    private readonly runs: Runs,
    private readonly news: SyncNews,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  dueLanes(_now: Date, limit: number): Promise<string[]> {
    return this.enrolments.waitingLanes(limit);
  }

  backlog(): Promise<Omit<Backlog, 'work'>> {
    return this.enrolments.backlog();
  }

  async turn(org: OrgLane, now: Date): Promise<Turn | null> {
    if (!(await this.enrolments.anyWaiting(org.teamId))) return null;
    const run = await this.current(org);
    const last = run?.lastSliceAt ?? now;
    return { readyAt: new Date(0), deadline: new Date(last.getTime() + PATIENCE_MS) };
  }

  async slice(org: OrgContext): Promise<void> {
    const run = (await this.current(org))?.run ?? (await this.begin(org));
    if (!run) return;
    const position = run.position as Position;
    const reps = await this.repsOf(org, run);
    const outcome = await this.step(org, run, position, reps);
    if (outcome === 'over') this.lastSlices.delete(run.id);
    else this.lastSlices.set(run.id, this.clock.now());
  }

  private step(org: OrgContext, run: Run, position: Position, reps: readonly ReadFor[]): Promise<Outcome> {
    switch (position.phase) {
      case 'linked':
        return this.mergeLinked(org, run, position, reps);
      case 'counting':
        return this.countRange(org, run, position, reps);
      case 'reading':
        return this.readPage(org, run, position, reps);
    }
  }

  // Only an urgency: forgotten at a restart, when the next page is urgent anyway.
  private readonly lastSlices = new Map<string, Date>();

  private async current(org: OrgLane): Promise<{ run: Run; lastSliceAt: Date } | undefined> {
    const id = await this.enrolments.readingRun(org.teamId);
    const run = id && (await this.runs.find(org.teamId, id));
    return run ? { run, lastSliceAt: this.lastSlices.get(run.id) ?? run.startedAt } : undefined;
  }

  /** Takes all who wait into one run. */
  private async begin(org: OrgContext): Promise<Run | undefined> {
    const now = this.clock.now();
    await this.schemas.read(org);
    const id = await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      const waiting = await this.enrolments.queued(tx, org.teamId);
      if (waiting.length === 0) return undefined;
      const enrolledAt = new Date(Math.min(...waiting.map((rep) => rep.enrolledAt.getTime())));
      const position: Position = { enrolledAt: enrolledAt.toISOString(), phase: 'linked', after: '' };
      const runId = await this.runs.start(tx, org.teamId, 'first_sync', now, position);
      await this.enrolments.startReading(
        tx,
        org.teamId,
        waiting.map((rep) => rep.userId),
        runId,
      );
      return runId;
    });
    return id ? this.runs.find(org.teamId, id) : undefined;
  }

  /** Those whom it still reads: who was turned off meanwhile is not among them. */
  private async repsOf(org: OrgContext, run: Run): Promise<ReadFor[]> {
    const rows = await this.enrolments.readBy(org.teamId, run.id);
    return rows.map(({ timeZone, ...rep }) => ({ ...rep, today: dateInZone(run.startedAt, timeZone) }));
  }

  private async mergeLinked(org: OrgContext, run: Run, position: Position, reps: readonly ReadFor[]): Promise<Outcome> {
    const calls = org.client.calls.total;
    const schema = await this.schemas.get(org);
    const links = await this.links.ofReps(org.teamId, reps, position.after, this.pageRows);
    const pairs = links.length > 0 ? await this.readLinked(org, links) : [];
    const names = await this.names.read(
      org,
      pairs.flatMap(({ remote }) => (typeof remote === 'string' ? [] : [remote])),
    );
    const last = links.length === this.pageRows ? links.at(-1) : undefined;
    await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      await this.names.store(tx, org.teamId, names);
      const there = pairs.filter(({ remote }) => remote !== 'never');
      const { counts } = await this.merger.merge(tx, org, schema, there, 'pull');
      const next: Position = last ? { ...position, after: last.taskId } : { ...position, phase: 'counting', after: '' };
      await this.progress(tx, org, run, reps, {
        done: run.done,
        counts: { relinked: there.length, ...counts },
        position: next,
        calls,
      });
    });
    return 'on';
  }

  /** Whose absence proves nothing is left out, under an alarm; all others are merged. */
  private async readLinked(org: OrgContext, links: readonly Link[]): Promise<readonly Pair[]> {
    try {
      return await this.reader.read(org, links);
    } catch (error) {
      if (!(error instanceof ImprobableAbsenceError)) throw error;
      await this.transactions.run(async (tx) => {
        await org.lease.check(tx);
        await this.alarms.raise(tx, org.teamId, error);
      });
      return error.present;
    }
  }

  private async countRange(org: OrgContext, run: Run, position: Position, all: readonly ReadFor[]): Promise<Outcome> {
    const calls = org.client.calls.total;
    const { reps, next: others } = rangeOf(all, position.range ?? FIRST_REPS);
    const count = reps.length > 0 ? await this.count(org, reps, position) : 0;
    const counted = (position.counted ?? 0) + count;
    const next: Position = others
      ? { ...position, range: others, counted }
      : { enrolledAt: position.enrolledAt, phase: 'reading', after: '' };
    await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      const total = others ? undefined : counted;
      await this.progress(tx, org, run, all, { total, done: run.done, counts: {}, position: next, calls });
    });
    return 'on';
  }

  private async readPage(org: OrgContext, run: Run, position: Position, all: readonly ReadFor[]): Promise<Outcome> {
    const calls = org.client.calls.total;
    const schema = await this.schemas.get(org);
    const { reps, range, next: others } = rangeOf(all, position.range ?? FIRST_REPS);
    const records = reps.length > 0 ? await this.page(org, reps, position, schema) : [];
    const names = await this.names.read(org, records);
    const last = records.length === this.pageRows ? records.at(-1) : undefined;
    const next: Position = last
      ? { ...position, range, after: last.Id }
      : { ...position, range: others ?? range, after: '' };
    const isEnd = !last && !others;
    await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      await this.names.store(tx, org.teamId, names);
      const counts = await this.applier.apply(tx, org, schema, records, 'first');
      await this.progress(tx, org, run, all, { done: run.done + records.length, counts, position: next, calls });
      if (isEnd) {
        await this.runs.finish(tx, org.teamId, run.id, 'done', this.clock.now());
        await this.enrolments.finishReading(tx, org.teamId, run.id, 'synced');
      }
    });
    const done = run.done + records.length;
    if (wantsStatistics(run.done, done, isEnd)) await this.transactions.query(STATISTICS);
    return isEnd ? 'over' : 'on';
  }

  private async page(
    org: OrgContext,
    reps: readonly ReadFor[],
    { enrolledAt, after }: Position,
    schema: OrgSchema,
  ): Promise<TaskRecord[]> {
    const where = whereOf(reps, new Date(enrolledAt));
    const { records } = await org.client.page<TaskRecord>(
      `SELECT ${readFields(schema.keyField !== 'missing').join(', ')} FROM Task
       WHERE ${where}${after ? ` AND Id > ${quote(after)}` : ''} ORDER BY Id LIMIT ${this.pageRows}`,
      { purpose: 'first sync', deletedToo: true },
    );
    return records;
  }

  private count(org: OrgContext, reps: readonly ReadFor[], { enrolledAt }: Position): Promise<number> {
    const where = whereOf(reps, new Date(enrolledAt));
    return org.client.count(`SELECT COUNT() FROM Task WHERE ${where}`, { purpose: 'first sync', deletedToo: true });
  }

  private async progress(
    tx: Tx,
    org: OrgContext,
    run: Run,
    reps: readonly ReadFor[],
    step: { total?: number; done: number; counts: Record<string, number>; position: Position; calls: number },
  ): Promise<void> {
    const counts = addCounts({ ...run.counts }, step.counts);
    const apiCalls = run.apiCalls + org.client.calls.total - step.calls;
    await this.runs.progress(tx, org.teamId, run.id, { ...step, counts, apiCalls });
    this.news.runProgress(
      tx,
      org.teamId,
      run.id,
      reps.map(({ userId }) => userId),
    );
  }
}
