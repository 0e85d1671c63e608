import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { dateInZone } from '../../platform/clock/local-date.js';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import { quote } from '../client/soql.js';
import type { OrgContext, OrgLane, OrgWork, Turn } from '../org-loop/org-context.js';
import { Enrolments } from './enrolments.repository.js';
import { type Link, Links } from './links.repository.js';
import { OrgSchemas } from './org-schema.service.js';
import { PageApplier } from './page-applier.js';
import { PushReader } from './push-reader.js';
import { AlarmService } from './reconcile/alarm.service.js';
import { ImprobableAbsenceError } from './reconcile/improbable-absence.js';
import { RemoteNames } from './remote-names.js';
import { readFields, type TaskRecord } from './remote-task.js';
import { addCounts, type Run, Runs } from './runs.repository.js';
import { type ReadFor, whereOf } from './scope.js';
import { type Pair, TaskMerger } from './task-merger.js';

/** So few new rows do not mislead the planner. */
const UNNOTICED = 2_000;
/** Tasks read after which the tables' statistics are taken anew, besides at the end. */
const ANALYZED_AT = [10_000, 100_000];
// Only what is looked up and sorted by: to sample long texts and documents as well takes three times as long.
const STATISTICS = `ANALYZE
  tasks (team_id, id, status, due_date, assignee_id, person_id, closed_at, away_since, deleted_at),
  task_links (team_id, task_id, salesforce_id, due_since, not_before, frozen, parked_code),
  people (team_id, id, email, owner_id, deleted_at),
  person_salesforce_records`;
/** Reps read in one pass: their ids must fit into one query's address. */
const REPS = 250;
/** How long its next page may wait behind other work. */
const PATIENCE_MS = 20_000;

/** Where a first-time sync stands. */
interface Position {
  reps: ReadFor[];
  enrolledAt: string;
  /** linked: links from before are merged; reading: the scope is read. */
  phase: 'linked' | 'reading';
  after: string;
}

/**
 * The first-time sync of all reps that were enrolled together, in one pass, a page a slice: first links that are left
 * from an earlier time are merged with what happened meanwhile, then the reps' Tasks are read in the order of their
 * ids. A page's rows and its position are committed together, so a killed run goes on where it was.
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
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  dueLanes(_now: Date, limit: number): Promise<string[]> {
    return this.enrolments.waitingLanes(limit);
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
    if (position.phase === 'linked') await this.mergeLinked(org, run, position);
    else await this.readPage(org, run, position);
    this.lastSlices.set(run.id, this.clock.now());
  }

  // Only an urgency: forgotten at a restart, when the next page is urgent anyway.
  private readonly lastSlices = new Map<string, Date>();

  private async current(org: OrgLane): Promise<{ run: Run; lastSliceAt: Date } | undefined> {
    const id = await this.enrolments.readingRun(org.teamId);
    const run = id && (await this.runs.find(org.teamId, id));
    return run ? { run, lastSliceAt: this.lastSlices.get(run.id) ?? run.startedAt } : undefined;
  }

  /** Takes all who wait into one run, and counts what it will read. */
  private async begin(org: OrgContext): Promise<Run | undefined> {
    const now = this.clock.now();
    await this.schemas.read(org);
    const id = await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      const waiting = await this.enrolments.queued(tx, org.teamId, REPS);
      if (waiting.length === 0) return undefined;
      const enrolledAt = new Date(Math.min(...waiting.map((rep) => rep.enrolledAt.getTime())));
      const reps = waiting.map(({ userId, salesforceUserId, scope, timeZone }): ReadFor => ({
        userId,
        salesforceUserId,
        scope,
        today: dateInZone(now, timeZone),
      }));
      const position: Position = { reps, enrolledAt: enrolledAt.toISOString(), phase: 'linked', after: '' };
      const runId = await this.runs.start(tx, org.teamId, 'first_sync', now, position);
      await this.enrolments.startReading(
        tx,
        org.teamId,
        reps.map((rep) => rep.userId),
        runId,
      );
      return runId;
    });
    return id ? this.runs.find(org.teamId, id) : undefined;
  }

  private async mergeLinked(org: OrgContext, run: Run, position: Position): Promise<void> {
    const calls = org.client.calls.total;
    const schema = await this.schemas.get(org);
    const links = await this.links.ofReps(org.teamId, position.reps, position.after, this.pageRows);
    const pairs = links.length > 0 ? await this.readLinked(org, links) : [];
    const names = await this.names.read(
      org,
      pairs.flatMap(({ remote }) => (typeof remote === 'string' ? [] : [remote])),
    );
    const last = links.length === this.pageRows ? links.at(-1) : undefined;
    const total = last ? undefined : await this.count(org, position);
    await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      await this.names.store(tx, org.teamId, names);
      const there = pairs.filter(({ remote }) => remote !== 'never');
      const { counts } = await this.merger.merge(tx, org, schema, there, 'pull');
      const next: Position = last ? { ...position, after: last.taskId } : { ...position, phase: 'reading', after: '' };
      await this.progress(tx, org, run, {
        total,
        done: run.done,
        counts: { relinked: there.length, ...counts },
        position: next,
        calls,
      });
    });
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

  private async readPage(org: OrgContext, run: Run, position: Position): Promise<void> {
    const calls = org.client.calls.total;
    const schema = await this.schemas.get(org);
    const where = whereOf(position.reps, new Date(position.enrolledAt));
    const after = position.after ? ` AND Id > ${quote(position.after)}` : '';
    const { records } = await org.client.page<TaskRecord>(
      `SELECT ${readFields(schema.keyField !== 'missing').join(', ')} FROM Task WHERE ${where}${after}
       ORDER BY Id LIMIT ${this.pageRows}`,
      { purpose: 'first sync', deletedToo: true },
    );
    const names = await this.names.read(org, records);
    const last = records.length === this.pageRows ? records.at(-1) : undefined;
    await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      await this.names.store(tx, org.teamId, names);
      const counts = await this.applier.apply(tx, org, schema, records, 'first');
      const next: Position = { ...position, after: last?.Id ?? position.after };
      await this.progress(tx, org, run, { done: run.done + records.length, counts, position: next, calls });
      if (!last) {
        await this.runs.finish(tx, org.teamId, run.id, 'done', this.clock.now());
        await this.enrolments.finishReading(tx, org.teamId, run.id, 'synced');
      }
    });
    if (!last) this.lastSlices.delete(run.id);
    const done = run.done + records.length;
    if (!last ? done > UNNOTICED : ANALYZED_AT.some((size) => run.done < size && done >= size)) {
      // Right after a load the planner knows nothing of the new rows, and autovacuum comes a minute later.
      await this.transactions.query(STATISTICS);
    }
  }

  private count(org: OrgContext, position: Position): Promise<number> {
    const where = whereOf(position.reps, new Date(position.enrolledAt));
    return org.client.count(`SELECT COUNT() FROM Task WHERE ${where}`, { purpose: 'first sync', deletedToo: true });
  }

  private async progress(
    tx: Tx,
    org: OrgContext,
    run: Run,
    step: { total?: number; done: number; counts: Record<string, number>; position: Position; calls: number },
  ): Promise<void> {
    const counts = addCounts({ ...run.counts }, step.counts);
    const apiCalls = run.apiCalls + org.client.calls.total - step.calls;
    await this.runs.progress(tx, org.teamId, run.id, { ...step, counts, apiCalls });
  }
}
