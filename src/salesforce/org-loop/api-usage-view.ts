import type { BudgetRow, CallsOfHour } from '../api-budget/api-budgets.repository.js';
import {
  type Allowance,
  type Allowances,
  type HourOfCalls,
  markOf,
  marksOf,
  type WorkClass,
} from '../api-budget/budget.js';
import { freesAt, meetsAt, presentRate } from '../api-budget/forecast.js';
import type { ApiAllowanceDto, ApiUsageDto } from './api-usage.dto.js';

export interface UsageFacts {
  row: BudgetRow;
  /** As known, newer than the row's perhaps; undefined: nothing is, or it is older than the window. */
  usage: { used: number; limit: number; seenAt: Date } | undefined;
  allowances: Allowances;
  /** The org itself said that its limit is spent. */
  quietUntil: Date | null;
  /** Ours, of the window. */
  ownHours: readonly HourOfCalls[];
  calls: readonly CallsOfHour[];
  now: Date;
}

export function apiUsageView({ row, usage, allowances, quietUntil, ownHours, calls, now }: UsageFacts): ApiUsageDto {
  const marks = usage && marksOf(usage.limit, row);
  const input = usage && { used: usage.used, seenAt: usage.seenAt, ownHours, now };
  const view = (work: WorkClass): ApiAllowanceDto => {
    const allowance = allowances[work];
    const frees = input && marks && freesAt(input, markOf(marks, work), 'leave evenly');
    return {
      state: allowance.kind,
      every_seconds: allowance.kind === 'slow' ? Math.round(allowance.everyMs / 1000) : null,
      until: allowance.kind === 'parked' && frees ? frees : null,
    };
  };
  const quiet = quietUntil && quietUntil > now ? quietUntil : null;
  return {
    used: usage?.used ?? row.apiUsed,
    limit: usage?.limit ?? row.apiLimit,
    seen_at: usage?.seenAt ?? row.apiSeenAt,
    share_percent: row.sharePercent,
    reserve_percent: row.reservePercent,
    ceiling: marks?.ceiling ?? null,
    reserve: usage ? Math.ceil((usage.limit * row.reservePercent) / 100) : null,
    sentence: quiet
      ? `Salesforce says that the org has spent a limit: nothing is called before ${quiet.toISOString()}. Changes are kept and go then.`
      : sentenceOf(allowances),
    people: view('people'),
    polling: view('polling'),
    background: view('background'),
    forecast: {
      calls_per_hour: presentRate(ownHours, now),
      ceiling_met_at: input && marks ? meetsAt(input, marks.ceiling) : null,
      ceiling_frees_at:
        input && marks && input.used >= marks.ceiling ? freesAt(input, marks.ceiling, 'leave evenly') : null,
    },
    own_calls: ownHours.reduce((sum, hour) => sum + hour.calls, 0),
    calls: calls.map(({ hour, purpose, calls: count }) => ({ hour, purpose, calls: count })),
  };
}

function sentenceOf({ people, polling, background }: Allowances): string {
  if (people.kind === 'parked') {
    return 'The share of API calls is spent: nothing is called until calls of 24 hours ago leave the window. Changes are kept and go then.';
  }
  if (polling.kind === 'parked') {
    return 'Only the reserve is left: changes made here still go to Salesforce; reading from it waits until the window frees.';
  }
  const slowed = [
    ...(polling.kind === 'slow' ? [`Salesforce is read every ${inWords(polling)}`] : []),
    ...(background.kind === 'slow' ? ['first-time syncs and other background work go in smaller steps'] : []),
    ...(background.kind === 'parked' ? ['first-time syncs and other background work wait'] : []),
  ];
  if (slowed.length === 0) return 'All work goes at full speed.';
  const text = slowed.join(', and ');
  return `To stay below the ceiling, ${text}. Changes made here go at once.`;
}

function inWords(allowance: Extract<Allowance, { kind: 'slow' }>): string {
  const seconds = Math.round(allowance.everyMs / 1000);
  return seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}
