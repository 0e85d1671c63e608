import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Clock } from '../../platform/clock/clock.js';
import { ApiBudgets } from '../api-budget/api-budgets.repository.js';
import { ApiMeter } from '../api-budget/api-meter.js';
import {
  type Allowances,
  decideBudget,
  type HourOfCalls,
  isAmple,
  WORK_CLASSES,
  type WorkClass,
} from '../api-budget/budget.js';
import { PROBE_MS, probeAt } from '../api-budget/probe.js';
import type { OrgLane, Turn } from './org-context.js';
import type { ApiHolds } from './org-state.entity.js';
import type { LaneState } from './org-states.repository.js';

const HOURS_FRESH_MS = 5 * 60_000;
const WINDOW_MS = 24 * 3_600_000;
const FIRST_GUESS_CALLS = 3;

/** What the budget says to the work of one org at one look. */
export interface Look {
  allowances: Allowances;
  /** The same turn, or a later one. */
  delay(work: WorkClass, turn: Turn): Turn;
  /** Whether one call may be made now to learn the usage. */
  mayProbe: boolean;
}

const ALL_FREE: Allowances = { people: { kind: 'free' }, polling: { kind: 'free' }, background: { kind: 'free' } };

/** Which class of work of the loop is of; what it does not know has time. */
export function classOf(work: { name: string }): WorkClass {
  return work.name === 'push' ? 'people' : work.name === 'pull' ? 'polling' : 'background';
}

/**
 * Decides what of an org's work goes on within the API budget. It goes by the row that the loop has read and by what
 * this process knows; our calls by hour are read only while the budget is short, every few minutes.
 */
@Injectable()
export class Governor {
  private readonly hours = new Map<string, { at: Date; hours: HourOfCalls[] }>();
  private readonly lastBackground = new Map<string, { at: Date; calls: number }>();
  private readonly lastProbe = new Map<string, Date>();

  constructor(
    private readonly meter: ApiMeter,
    private readonly budgets: ApiBudgets,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async look(state: LaneState, now: Date): Promise<Look> {
    const estimate = this.meter.adopt(state, state);
    const usage = estimate.at(now);
    if (!usage) return { allowances: ALL_FREE, delay: (_, turn) => turn, mayProbe: false };
    const { used, limit, seenAt } = usage;
    const ownHours = isAmple(used, limit, state) ? [] : await this.ownHours(state, now);
    const last = this.lastBackground.get(state.connectionId);
    const allowances = decideBudget({
      used,
      limit,
      shares: state,
      ownHours,
      parked: parkedOf(state.apiHolds),
      pollMs: this.config.get('SALESFORCE_POLL_SECONDS') * 1000,
      sliceCalls: last?.calls ?? FIRST_GUESS_CALLS,
      now,
    });
    const lastProbeAt = this.lastProbe.get(state.connectionId);
    const probe = probeAt({ used, limit, seenAt, shares: state, ownHours, lastProbeAt, now });
    // Others' calls may bring news before it: a look costs the org nothing.
    const lookAt = new Date(now.getTime() + PROBE_MS);
    const delay = (work: WorkClass, turn: Turn): Turn => {
      const allowance = allowances[work];
      if (allowance.kind === 'free') return turn;
      if (allowance.kind === 'parked') {
        return later(turn, probe > now && probe < lookAt ? probe : lookAt);
      }
      const before = work === 'polling' ? state.lastPullAt : last?.at;
      if (before) return later(turn, new Date(before.getTime() + allowance.everyMs));
      const held = state.apiHolds?.[work];
      return held ? later(turn, new Date(held.until)) : turn;
    };
    return { allowances, delay, mayProbe: probe <= now };
  }

  /** Before a probe that may be made. */
  probing(org: OrgLane, now: Date): void {
    this.lastProbe.set(org.connectionId, now);
    this.meter.grantProbe(org);
  }

  /** After a slice: how much of the next one is spaced by it. */
  worked(org: OrgLane, work: WorkClass, calls: number): void {
    if (work === 'background') {
      this.lastBackground.set(org.connectionId, { at: this.clock.now(), calls: Math.max(1, calls) });
    }
  }

  private async ownHours(org: OrgLane, now: Date): Promise<HourOfCalls[]> {
    const known = this.hours.get(org.connectionId);
    if (known && Math.abs(now.getTime() - known.at.getTime()) < HOURS_FRESH_MS) return known.hours;
    const hours = await this.budgets.hours(org, new Date(now.getTime() - WINDOW_MS));
    this.hours.set(org.connectionId, { at: now, hours });
    return hours;
  }
}

export function parkedOf(holds: ApiHolds | null): ReadonlySet<WorkClass> {
  return new Set(WORK_CLASSES.filter((work) => holds?.[work]?.state === 'parked'));
}

/** What is held back after a look, for the row; null: nothing. `delayed`: the turns that the budget put off. */
export function holdsOf(allowances: Allowances, delayed: ReadonlyMap<WorkClass, Date>): ApiHolds | null {
  const holds: ApiHolds = {};
  for (const work of WORK_CLASSES) {
    const { kind } = allowances[work];
    if (kind === 'free') continue;
    // Without work to put off, only the state is kept.
    holds[work] = { state: kind, until: (delayed.get(work) ?? new Date(0)).toISOString() };
  }
  return Object.keys(holds).length > 0 ? holds : null;
}

export function sameHolds(a: ApiHolds | null, b: ApiHolds | null): boolean {
  return WORK_CLASSES.every((work) => a?.[work]?.state === b?.[work]?.state && a?.[work]?.until === b?.[work]?.until);
}

function later(turn: Turn, at: Date): Turn {
  return at > turn.readyAt ? { ...turn, readyAt: at } : turn;
}
