import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { Backlog } from '../../platform/pipelines/pipeline.js';
import type { OrgContext, OrgWork, Turn } from '../org-loop/org-context.js';
import { type LaneState, OrgStates } from '../org-loop/org-states.repository.js';
import { type Link, Links } from './links.repository.js';
import type { OrgSchema } from './org-schema.js';
import { OrgSchemas } from './org-schema.service.js';
import { PushReader } from './push-reader.js';
import { PushWriter } from './push-writer.js';
import { ALARM_REST_MS, AlarmService } from './reconcile/alarm.service.js';
import { ImprobableAbsenceError } from './reconcile/improbable-absence.js';
import { addCounts, type Counts, Runs } from './runs.repository.js';
import { type Pair, TaskMerger } from './task-merger.js';
import { RemoteNames } from './remote-names.js';
import { chooseSlice, planCalls } from './write-plan.js';

/** Due links that a slice is chosen from. */
const CANDIDATES = 4_000;

/**
 * Writes what changed here. One slice: read the due tasks' present state there, merge, store what will be sent,
 * write it, store the answer. Killed between any two of these, the next slice reads first and finds out.
 *
 *   due ──read there──▶ merge ──commit `sent`──▶ write ──▶ answer known: base := sent, no longer due
 *    ▲                    │ nothing to write: done           └ answer lost: `sent` stays, due again
 *    └────────────────────┴──────────────── edited meanwhile: stays due ◀──────────────────┘
 */
@Injectable()
export class Push implements OrgWork {
  readonly name = 'push';

  constructor(
    private readonly links: Links,
    private readonly states: OrgStates,
    private readonly schemas: OrgSchemas,
    private readonly reader: PushReader,
    private readonly writer: PushWriter,
    private readonly merger: TaskMerger,
    private readonly names: RemoteNames,
    private readonly alarms: AlarmService,
    private readonly runs: Runs,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  dueLanes(now: Date, limit: number): Promise<string[]> {
    return this.links.teamsWithDue(now, limit);
  }

  backlog(): Promise<Omit<Backlog, 'work'>> {
    return this.links.backlog();
  }

  async turn({ teamId, orgSchema }: LaneState): Promise<Turn | null> {
    if ((orgSchema as OrgSchema | null)?.keyField !== 'ready') return null;
    const next = await this.links.nextDue(teamId);
    return next ? { readyAt: next.readyAt, deadline: next.since } : null;
  }

  async slice(org: OrgContext): Promise<void> {
    const started = this.clock.now();
    const callsBefore = org.client.calls.total;
    const schema = await this.schemas.get(org);
    const chosen = chooseSlice(await this.links.due(org.teamId, started, CANDIDATES));
    if (chosen.length === 0 || schema.keyField !== 'ready') return;
    const links = await this.links.byTaskIds(org.teamId, chosen);

    const pairs = await this.read(org, links, started);
    if (pairs.length === 0) return;
    const names = await this.names.read(
      org,
      pairs.flatMap(({ remote }) => (typeof remote === 'string' ? [] : [remote])),
    );
    const { writes, counts } = await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      await this.names.store(tx, org.teamId, names);
      return this.merger.merge(tx, org, schema, pairs, 'prepare');
    });

    const { batchSize } = await this.states.read(org);
    const total: Counts = addCounts({ rows: links.length }, counts);
    for (const call of planCalls(writes, batchSize)) {
      await org.lease.renew();
      addCounts(total, await this.writer.write(org, call));
    }
    await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      const calls = org.client.calls.total - callsBefore;
      await this.runs.record(tx, org.teamId, 'push', started, this.clock.now(), total, calls);
    });
  }

  /** Whose absence proves nothing is left out, under an alarm, and looked at again later. */
  private async read(org: OrgContext, links: readonly Link[], started: Date): Promise<readonly Pair[]> {
    try {
      return await this.reader.read(org, links);
    } catch (error) {
      if (!(error instanceof ImprobableAbsenceError)) throw error;
      await this.transactions.run(async (tx) => {
        await org.lease.check(tx);
        const now = this.clock.now();
        await this.links.postpone(tx, org.teamId, error.absent, new Date(now.getTime() + ALARM_REST_MS));
        await this.alarms.raise(tx, org.teamId, error);
        const run = await this.runs.start(tx, org.teamId, 'push', started);
        await this.runs.finish(tx, org.teamId, run, 'failed', now, error.message);
      });
      return error.present;
    }
  }
}
