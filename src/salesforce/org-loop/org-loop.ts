import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import { MetricsRegistry } from '../../platform/metrics/metrics-registry.js';
import type { LaneLease } from '../../platform/pipelines/lane-lease.js';
import type { Backlog, PipelineHandler, SliceResult } from '../../platform/pipelines/pipeline.js';
import { Pipelines } from '../../platform/pipelines/pipelines.js';
import { SalesforceClients } from '../client/salesforce-clients.js';
import { API_BUDGET_SPENT } from '../api-budget/api-meter.js';
import type { CallFor, WorkClass } from '../api-budget/budget.js';
import { PROBE_MS } from '../api-budget/probe.js';
import { SalesforceError } from '../client/errors.js';
import { classOf, Governor, holdsOf, type Look, sameHolds } from './governor.js';
import type { OrgContext, OrgLane, OrgWork, Turn } from './org-context.js';
import { type LaneState, type OrgState, OrgStates } from './org-states.repository.js';

/** The pipeline whose lanes are Salesforce orgs (connection ids). */
export const SALESFORCE_ORG = 'salesforce-org';

// Nothing tells when the rolling window frees: look again after so long.
const LIMIT_REST_MS = 15 * 60_000;
const BUSY_REST_MS = 10_000;

const SLICE_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What must happen before anything else when a worker takes an org over. */
export type OnTaken = (org: OrgLane, lease: LaneLease) => Promise<void>;

/**
 * Everything that talks to one org for synchronisation runs in one loop at a time: the org is the lane. Each slice
 * goes to the work whose deadline comes first, so people's changes go before reading, and nothing starves.
 */
@Injectable()
export class OrgLoop implements PipelineHandler, OnModuleInit {
  private readonly logger = new Logger(OrgLoop.name);
  private readonly works: OrgWork[] = [];
  private readonly onTaken: OnTaken[] = [];
  private readonly settled = new WeakSet<LaneLease>();
  /** By lane, the work whose slice failed: one slice of another goes before it, so that it cannot hold the lane for ever. */
  private readonly lastFailed = new Map<string, string>();
  private readonly sliceSeconds;

  constructor(
    private readonly pipelines: Pipelines,
    private readonly states: OrgStates,
    protected readonly clients: SalesforceClients,
    private readonly governor: Governor,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    metrics: MetricsRegistry,
  ) {
    this.sliceSeconds = metrics.histogram(
      'salesforce_slice_duration_seconds',
      'How long slices of the sync took, by kind of work (push, pull, …)',
      ['work', 'outcome'],
      SLICE_BUCKETS,
    );
  }

  onModuleInit(): void {
    this.pipelines.register(SALESFORCE_ORG, this);
  }

  /** Called by each kind of work at start-up. */
  register(work: OrgWork): void {
    this.works.push(work);
  }

  /** Called first when a worker takes an org: settles what the last holder left in doubt. */
  settleFirst(settle: OnTaken): void {
    this.onTaken.push(settle);
  }

  async dueLanes(now: Date, limit: number): Promise<string[]> {
    // Orgs that are paused or stopped keep their due work: where they fill the limit, it looks behind them.
    for (let asked = limit; ; asked *= 4) {
      const due = await Promise.all(this.works.map(async (work) => ({ work, lanes: await work.dueLanes(now, asked) })));
      const pairs = due.flatMap(({ work, lanes }) =>
        lanes.map((connectionId) => ({ connectionId, work: classOf(work) })),
      );
      const awake = await this.states.awake(pairs, now);
      if (awake.length >= limit || due.every(({ lanes }) => lanes.length < asked)) return awake.slice(0, limit);
    }
  }

  async backlog(now: Date): Promise<Backlog[]> {
    const found: Backlog[] = [];
    // One after the other: a scrape takes one connection of the pool.
    for (const work of this.works) {
      const backlog = await work.backlog?.(now);
      if (backlog) found.push({ work: work.name, ...backlog });
    }
    return found;
  }

  async slice(lease: LaneLease): Promise<SliceResult> {
    const state = await this.states.lane(lease.lane);
    const now = this.clock.now();
    if (!state) return { kind: 'gone' };
    if (state.status !== 'connected' || state.paused) return { kind: 'idle' };
    if (state.quietUntil && state.quietUntil > now) return { kind: 'idle', nextAt: state.quietUntil };

    if (!this.settled.has(lease)) {
      for (const settle of this.onTaken) await settle(state, lease);
      this.settled.add(lease);
    }
    const budget = await this.governor.look(state, now);
    const turns: { work: OrgWork; turn: Turn; wanted: Date }[] = [];
    for (const work of this.works) {
      const turn = await work.turn(state, now);
      if (turn) turns.push({ work, turn: budget.delay(classOf(work), turn), wanted: turn.readyAt });
    }
    const failed = this.lastFailed.get(lease.lane);
    const [next] = turns
      .filter(({ turn }) => turn.readyAt <= now)
      .sort(
        (a, b) =>
          Number(a.work.name === failed) - Number(b.work.name === failed) ||
          a.turn.deadline.getTime() - b.turn.deadline.getTime(),
      );
    if (!next) return this.rest(state, lease, budget, turns, now);

    const org = await this.context(state, lease, classOf(next.work));
    this.lastFailed.delete(lease.lane);
    const began = performance.now();
    const ended = (outcome: 'done' | 'failed') => this.sliceEnded(state, next.work, org, outcome, began);
    try {
      await next.work.slice(org);
      ended('done');
      return { kind: 'worked' };
    } catch (error) {
      ended('failed');
      this.lastFailed.set(lease.lane, next.work.name);
      return this.afterError(state, lease, next.work, error);
    } finally {
      this.governor.worked(state, classOf(next.work), org.client.calls.total);
    }
  }

  private sliceEnded(
    state: LaneState,
    work: OrgWork,
    org: OrgContext,
    outcome: 'done' | 'failed',
    began: number,
  ): void {
    const ms = Math.round(performance.now() - began);
    this.sliceSeconds.observe({ work: work.name, outcome }, ms / 1000);
    const calls = org.client.calls.total;
    this.logger.debug(
      { team_id: state.teamId, connection: state.connectionId, work: work.name, outcome, ms, calls },
      'a slice of the sync',
    );
  }

  /** Nothing may run now: says until when, so that nobody looks before; or asks the org whether the window has freed. */
  private async rest(
    state: LaneState,
    lease: LaneLease,
    budget: Look,
    turns: readonly { work: OrgWork; turn: Turn; wanted: Date }[],
    now: Date,
  ): Promise<SliceResult> {
    const parked = turns.find(
      ({ work, wanted }) => wanted <= now && budget.allowances[classOf(work)].kind === 'parked',
    );
    if (parked && budget.mayProbe) {
      this.governor.probing(state, now);
      const { client } = await this.context(state, lease, 'probe');
      try {
        await client.limits({ purpose: 'limits' });
        return { kind: 'worked' };
      } catch (error) {
        return this.afterError(state, lease, parked.work, error);
      }
    }
    const delayed = new Map<WorkClass, Date>();
    for (const { work, turn, wanted } of turns) {
      const before = delayed.get(classOf(work));
      // The first of a class that is free again wakes the lane.
      if (turn.readyAt > wanted && (!before || turn.readyAt < before)) delayed.set(classOf(work), turn.readyAt);
    }
    const holds = holdsOf(budget.allowances, delayed);
    if (!sameHolds(holds, state.apiHolds)) await this.write(state, lease, { apiHolds: holds });
    return { kind: 'idle', nextAt: earliest(turns.map(({ turn }) => turn.readyAt)) };
  }

  protected async context(state: LaneState, lease: LaneLease, callsFor: CallFor): Promise<OrgContext> {
    // Each call renews the lease first and ends with it: the token that guards our tables does not reach Salesforce.
    const client = (await this.clients.for(state.teamId)).guardedBy(async () => {
      await lease.renew();
      return lease.lost;
    }, callsFor);
    return { teamId: state.teamId, connectionId: state.connectionId, client, lease, skewMs: state.clockSkewMs };
  }

  private async afterError(state: LaneState, lease: LaneLease, work: OrgWork, error: unknown): Promise<SliceResult> {
    // What it sent may be in doubt.
    this.settled.delete(lease);
    if (!(error instanceof SalesforceError)) throw error;
    // Stopped: whoever found out has stopped the connection, and says so; work is kept until it is connected again.
    if (error.kind === 'stopped') return { kind: 'idle' };
    if (error.code === API_BUDGET_SPENT) {
      // Before anything was sent, and of this work alone: the next look decides what may go on.
      const until = new Date(this.clock.now().getTime() + PROBE_MS).toISOString();
      const holds = { ...state.apiHolds, [classOf(work)]: { state: 'parked' as const, until } };
      await this.write(state, lease, { apiHolds: holds });
      return { kind: 'worked' };
    }
    const rest = error.retryAfterMs ?? (error.kind === 'limit' ? LIMIT_REST_MS : BUSY_REST_MS);
    if (error.code === 'INVALID_FIELD') {
      // A field was removed or hidden: look at the org again before the next try, not when the look is old.
      await this.write(state, lease, { orgSchemaAt: null });
    }
    if (error.kind !== 'limit' && error.kind !== 'concurrency') throw error;
    this.logger.warn({ connection: state.connectionId, work: work.name, code: error.code, rest }, 'the org rests');
    const quietUntil = new Date(this.clock.now().getTime() + rest);
    await this.write(state, lease, { quietUntil });
    return { kind: 'idle', nextAt: quietUntil };
  }

  private async write(state: LaneState, lease: LaneLease, values: Partial<OrgState>): Promise<void> {
    await this.transactions.run(async (tx) => {
      await lease.check(tx);
      await this.states.write(tx, state, values);
    });
  }
}

function earliest(times: readonly Date[]): Date | undefined {
  return times.length > 0 ? new Date(Math.min(...times.map((time) => time.getTime()))) : undefined;
}
