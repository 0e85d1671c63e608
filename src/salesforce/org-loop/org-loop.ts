import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { LaneLease } from '../../platform/pipelines/lane-lease.js';
import type { PipelineHandler, SliceResult } from '../../platform/pipelines/pipeline.js';
import { Pipelines } from '../../platform/pipelines/pipelines.js';
import { SalesforceClients } from '../client/salesforce-clients.js';
import { SalesforceError } from '../client/errors.js';
import type { OrgContext, OrgLane, OrgWork, Turn } from './org-context.js';
import { type LaneState, OrgStates } from './org-states.repository.js';

/** The pipeline whose lanes are Salesforce orgs (connection ids). */
export const SALESFORCE_ORG = 'salesforce-org';

// Nothing tells when the rolling window frees: look again after so long.
const LIMIT_REST_MS = 15 * 60_000;
const BUSY_REST_MS = 10_000;

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

  constructor(
    private readonly pipelines: Pipelines,
    private readonly states: OrgStates,
    private readonly clients: SalesforceClients,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

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
    const lanes = await Promise.all(this.works.map((work) => work.dueLanes(now, limit)));
    return (await this.states.awake([...new Set(lanes.flat())], now)).slice(0, limit);
  }

  async slice(lease: LaneLease): Promise<SliceResult> {
    const state = await this.states.lane(lease.lane);
    const now = this.clock.now();
    if (!state || state.status !== 'connected' || state.paused) return { kind: 'idle' };
    if (state.quietUntil && state.quietUntil > now) return { kind: 'idle', nextAt: state.quietUntil };

    if (!this.settled.has(lease)) {
      for (const settle of this.onTaken) await settle(state, lease);
      this.settled.add(lease);
    }
    const turns: { work: OrgWork; turn: Turn }[] = [];
    for (const work of this.works) {
      const turn = await work.turn(state, now);
      if (turn) turns.push({ work, turn });
    }
    const failed = this.lastFailed.get(lease.lane);
    const [next] = turns
      .filter(({ turn }) => turn.readyAt <= now)
      .sort(
        (a, b) =>
          Number(a.work.name === failed) - Number(b.work.name === failed) ||
          a.turn.deadline.getTime() - b.turn.deadline.getTime(),
      );
    if (!next) return { kind: 'idle', nextAt: earliest(turns.map(({ turn }) => turn.readyAt)) };

    const org = await this.context(state, lease);
    this.lastFailed.delete(lease.lane);
    try {
      await next.work.slice(org);
      return { kind: 'worked' };
    } catch (error) {
      this.lastFailed.set(lease.lane, next.work.name);
      return this.afterError(state, lease, next.work, error);
    }
  }

  protected async context(state: LaneState, lease: LaneLease): Promise<OrgContext> {
    // Each call renews the lease first and ends with it: the token that guards our tables does not reach Salesforce.
    const client = (await this.clients.for(state.teamId)).guardedBy(async () => {
      await lease.renew();
      return lease.lost;
    });
    return { teamId: state.teamId, connectionId: state.connectionId, client, lease, skewMs: state.clockSkewMs };
  }

  private async afterError(state: LaneState, lease: LaneLease, work: OrgWork, error: unknown): Promise<SliceResult> {
    // What it sent may be in doubt.
    this.settled.delete(lease);
    if (!(error instanceof SalesforceError)) throw error;
    // Stopped: whoever found out has stopped the connection, and says so; work is kept until it is connected again.
    if (error.kind === 'stopped') return { kind: 'idle' };
    const rest = error.retryAfterMs ?? (error.kind === 'limit' ? LIMIT_REST_MS : BUSY_REST_MS);
    if (error.code === 'INVALID_FIELD') {
      // A field was removed or hidden: look at the org again before the next try, not when the look is old.
      await this.transactions.run((tx) => this.states.write(tx, state, { orgSchemaAt: null }));
    }
    if (error.kind !== 'limit' && error.kind !== 'concurrency') throw error;
    this.logger.warn({ connection: state.connectionId, work: work.name, code: error.code, rest }, 'the org rests');
    const quietUntil = new Date(this.clock.now().getTime() + rest);
    await this.transactions.run(async (tx) => {
      await lease.check(tx);
      await this.states.write(tx, state, { quietUntil });
    });
    return { kind: 'idle', nextAt: quietUntil };
  }
}

function earliest(times: readonly Date[]): Date | undefined {
  return times.length > 0 ? new Date(Math.min(...times.map((time) => time.getTime()))) : undefined;
}
