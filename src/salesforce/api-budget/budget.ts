// How many of the org's API calls are ours to make, and who among our works may make them. Pure.
//
//   0 ─────────── half of rest ─────────── rest ─────────── people ── ceiling ───────── the org's limit
//     all work free │ background spaced,     │ only people's   │ only     │ nothing
//                   │ then polling stretched │ changes         │ probes   │

/**
 * people: what somebody waits for (changes made here, and what an admin looks at); polling: reading what changed there;
 * background: everything that has time (first-time syncs, reconciling, filling in).
 */
export const WORK_CLASSES = ['people', 'polling', 'background'] as const;
export type WorkClass = (typeof WORK_CLASSES)[number];

/** The admin's choice, in percent of the org's daily limit. */
export interface Shares {
  /** Up to here, counted over all that use the org, this product may call. */
  sharePercent: number;
  /** Below that, kept for people. */
  reservePercent: number;
}

/** Where work of each kind ends; counted like the org's usage. */
export interface Marks {
  ceiling: number;
  people: number;
  rest: number;
}

export type Allowance = { kind: 'free' } | { kind: 'slow'; everyMs: number } | { kind: 'parked' };
export type Allowances = Record<WorkClass, Allowance>;

/** Calls made in one hour of the clock. */
export interface HourOfCalls {
  hour: Date;
  calls: number;
}

export interface BudgetInput {
  /** The org's calls of the last 24 hours, by everybody. */
  used: number;
  limit: number;
  shares: Shares;
  /** Our own calls of the last 24 hours; not looked at while less than half of the rest is used. */
  ownHours: readonly HourOfCalls[];
  /** Work that stands parked: it goes on only when there is room for more than a call or two. */
  parked: ReadonlySet<WorkClass>;
  /** The interval of polling when it is free. */
  pollMs: number;
  /** Calls that a slice of background work makes, about. */
  sliceCalls: number;
  now: Date;
}

const HOUR_MS = 3_600_000;
const WINDOW_HOURS = 24;
const SLOWEST_MS = 600_000;
/** The most probes of a day, one in 15 minutes. */
const MOST_PROBES = 96;
const FEWEST_PROBES = 5;
/** Room for one whole slice of work, so that parked work does not spend each freed call on a beginning without end. */
const LEAST_ROOM = 10;

const FREE: Allowance = { kind: 'free' };
const PARKED: Allowance = { kind: 'parked' };

export function marksOf(limit: number, { sharePercent, reservePercent }: Shares): Marks {
  const ceiling = Math.floor((limit * sharePercent) / 100);
  const people = Math.max(0, ceiling - probesOf(limit));
  return { ceiling, people, rest: Math.max(0, Math.min(people, ceiling - Math.ceil((limit * reservePercent) / 100))) };
}

/** What a call is for: work of the org loop, a person who waits for it, or only to learn the usage. */
export type CallFor = WorkClass | 'person' | 'probe';

/** The mark up to which calls of a kind may go. */
export function markOf(marks: Marks, calls: CallFor): number {
  if (calls === 'probe') return marks.ceiling;
  return calls === 'people' || calls === 'person' ? marks.people : marks.rest;
}

/** Whether so little is used that all work is free, whatever the hours say. */
export function isAmple(used: number, limit: number, shares: Shares): boolean {
  return used < marksOf(limit, shares).rest / 2;
}

export function decideBudget(input: BudgetInput): Allowances {
  const { used, limit, shares, parked } = input;
  const marks = marksOf(limit, shares);
  const spent = (work: WorkClass): boolean => {
    const mark = markOf(marks, work);
    return used + (parked.has(work) ? roomOf(limit, mark) : 1) > mark;
  };
  const people = spent('people') ? PARKED : FREE;
  // A freed rest goes to polling first.
  const restIsSpent = spent('polling');
  if (restIsSpent) return { people, polling: PARKED, background: PARKED };
  if (used < marks.rest / 2) return { people, polling: FREE, background: spent('background') ? PARKED : FREE };

  const pollsAnHour = HOUR_MS / input.pollMs;
  const callsAnHour = steadyRate(input, marks.rest);
  const polling = paced(Math.min(callsAnHour, pollsAnHour), pollsAnHour, 1);
  const background = spent('background') ? PARKED : paced(callsAnHour - pollsAnHour, Infinity, input.sliceCalls);
  return { people, polling, background };
}

/** The most calls an hour, from now on, that keep the usage at or below `mark` for the whole of the next window. */
function steadyRate({ used, ownHours, now }: BudgetInput, mark: number): number {
  let rate = Infinity;
  for (let hours = 1; hours <= WINDOW_HOURS; hours++) {
    const then = new Date(now.getTime() + hours * HOUR_MS);
    rate = Math.min(rate, (mark - used + expiredBy(ownHours, then)) / hours);
  }
  return rate;
}

/** Work of `calls` calls each time, at `rate` calls an hour, of which it wants no more than `wanted`. */
function paced(rate: number, wanted: number, calls: number): Allowance {
  if (rate >= wanted) return FREE;
  const everyMs = rate > 0 ? Math.round((calls / rate) * HOUR_MS) : Infinity;
  return { kind: 'slow', everyMs: Math.min(everyMs, SLOWEST_MS) };
}

/** Calls of these hours that the rolling window has surely let go of at `time`. */
export function expiredBy(hours: readonly HourOfCalls[], time: Date): number {
  const gone = time.getTime() - (WINDOW_HOURS + 1) * HOUR_MS;
  return hours.reduce((sum, { hour, calls }) => (hour.getTime() <= gone ? sum + calls : sum), 0);
}

/** Calls that must be free below a mark before parked work goes on. */
export function roomOf(limit: number, mark: number): number {
  return Math.max(1, Math.min(Math.max(LEAST_ROOM, probesOf(limit)), Math.ceil(mark / 2)));
}

/** Calls below the ceiling that are kept to learn the usage. */
export function probesOf(limit: number): number {
  return Math.max(FEWEST_PROBES, Math.min(MOST_PROBES, Math.ceil(limit / 100)));
}
