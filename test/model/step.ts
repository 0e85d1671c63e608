import fc from 'fast-check';

/** Fields of a task that histories edit, in Salesforce's names. */
export const FIELDS = [
  'Subject',
  'Description',
  'ActivityDate',
  'Priority',
  'ReminderDateTime',
  'WhoId',
  'WhatId',
] as const;
export type EditedField = (typeof FIELDS)[number];

export const OPERATIONS = [
  'create',
  'edit',
  'complete',
  'skip',
  'reopen',
  'reassign',
  'delete',
  'undelete',
  'off/on',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Something that a person does, here or in Salesforce. Numbers choose among what there is. */
export interface Act {
  kind: 'act';
  side: 'here' | 'there';
  operation: Operation;
  rep: number;
  task: number;
  field: EditedField;
  /** In Salesforce: stamped so many seconds before it can be seen. */
  lateSeconds: number;
  /** While a worker stands: at what is on its way. */
  aimed: boolean;
  /** The task that it aims at, by its ids. */
  at?: { here: string; there: string | null };
}

export const FAULTS = [
  'none',
  'cut before',
  'cut after',
  'cut answer',
  'commits late',
  'unavailable',
  'locked rows',
  'busy',
  'session ended',
  'unread',
] as const;
export type FaultName = (typeof FAULTS)[number];

/** Where a worker may be killed; the places of a line, put together by what has happened and what has not. */
export const CRASH_POINTS = [
  'none',
  'before sent commits',
  'sent committed',
  'after sent',
  'before answer commits',
  'answer committed',
  'before page commits',
  'page committed',
  'after page',
  'before first sync commits',
  'first sync committed',
  'after first sync',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** What happens while a worker stands at its nth place, or when it first comes to the place of a name. */
export type Interruption = { at: number | CrashPoint | 'holding locks' } & (
  { what: 'kill' } | { what: 'act'; act: Act } | { what: 'stall'; act: Act } | { what: 'second worker' }
);

/** A worker is woken, by Redis or by the sweeper, and works until nothing is due. */
export interface Work {
  kind: 'work';
  worker: 0 | 1;
  swept: boolean;
  doubled: boolean;
  fault: FaultName;
  /** Requests that pass before the fault strikes. */
  skip: number;
  interruptions: Interruption[];
}

export type Step =
  Act | Work | { kind: 'wait'; seconds: number } | { kind: 'jump'; seconds: number } | { kind: 'empty Redis' };

export interface History {
  policy: 'latest' | 'salesforce' | 'command_center';
  /** Tasks that Salesforce holds before anybody syncs. */
  before: number;
  steps: Step[];
}

const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constant('act'),
  side: fc.constantFrom('here', 'there'),
  operation: fc.oneof(
    { weight: 9, arbitrary: fc.constant('edit' as const) },
    { weight: 4, arbitrary: fc.constant('create' as const) },
    ...(['complete', 'skip', 'reopen', 'reassign', 'delete', 'undelete', 'off/on'] as const).map((operation) => ({
      weight: 2,
      arbitrary: fc.constant(operation),
    })),
  ),
  rep: fc.nat(2),
  task: fc.nat(20),
  field: fc.oneof(
    { weight: 3, arbitrary: fc.constant('Subject' as const) },
    { weight: 5, arbitrary: fc.constantFrom(...FIELDS) },
  ),
  aimed: fc.boolean(),
  lateSeconds: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(5, 20, 50) }),
});

const interruption: fc.Arbitrary<Interruption> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ at: fc.nat(24), what: fc.constant('kill' as const) }) },
  { weight: 4, arbitrary: fc.record({ at: fc.nat(24), what: fc.constant('act' as const), act }) },
  { weight: 2, arbitrary: fc.record({ at: fc.nat(24), what: fc.constant('stall' as const), act }) },
  { weight: 1, arbitrary: fc.record({ at: fc.nat(24), what: fc.constant('second worker' as const) }) },
);

const work: fc.Arbitrary<Work> = fc.record({
  kind: fc.constant('work'),
  worker: fc.constantFrom(0, 1),
  swept: fc.boolean(),
  doubled: fc.nat(7).map((n) => n === 0),
  fault: fc.oneof(
    { weight: 2, arbitrary: fc.constant('none' as const) },
    { weight: 3, arbitrary: fc.constantFrom(...FAULTS) },
  ),
  skip: fc.nat(2),
  interruptions: fc.array(interruption, { maxLength: 2 }),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: act },
  { weight: 8, arbitrary: work },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(5, 31, 31, 70, 900) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('jump' as const), seconds: fc.integer({ min: -600, max: 600 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'empty Redis' as const }) },
);

/** Operations in random order, each by somebody, to something. */
const severalActs = (most: number): fc.Arbitrary<Act[]> =>
  fc
    .record({
      operations: fc.shuffledSubarray([...OPERATIONS], { minLength: most - 1, maxLength: most }),
      acts: fc.array(act, { minLength: most, maxLength: most, size: 'max' }),
    })
    .map(({ operations, acts }) =>
      operations.map((operation, n): Act => {
        const one = acts[n] as Act;
        // Two of three here: the faults and the crashes of writing need something to write.
        return { ...one, operation, side: n % 3 === 2 ? 'there' : 'here' };
      }),
    );

const crashPoint = fc.constantFrom(...CRASH_POINTS.slice(1));

/**
 * A fault and up to three crashes, one after the other, over work that people have just made and go on with in between:
 * what chance alone brings about too seldom. The first worker may stall instead, or somebody edit under its locks.
 */
const drill: fc.Arbitrary<Step[]> = fc
  .record({
    before: severalActs(5),
    between: severalActs(4),
    // Faults of writing need something to write, and strike more seldom.
    fault: fc.constantFrom(
      ...FAULTS.slice(1),
      'commits late',
      'cut before',
      'cut after',
      'cut answer',
      'cut answer',
      'locked rows',
    ),
    crash: crashPoint,
    second: crashPoint,
    rep: fc.nat(2),
    worker: fc.constantFrom(0, 1),
    /** What happens to the first worker. */
    first: fc.constantFrom('edit', 'kill', 'kill', 'stall'),
    stalledAt: fc.constantFrom('sent committed', 'after sent', 'page committed', 'after page'),
    /** The fault also strikes the worker that finds what the first one left. */
    again: fc.boolean(),
  })
  .map(({ before, between, fault, crash, second, rep, worker, first, stalledAt, again }): Step[] => {
    const kill: Interruption[] = [{ at: crash, what: 'kill' }];
    const meanwhile: Act = { ...(between[0] as Act), aimed: true };
    const stall: Interruption[] = [{ at: stalledAt, what: 'stall', act: meanwhile }];
    const edit: Interruption[] = [
      { at: 'holding locks', what: 'act', act: { ...meanwhile, side: 'here', operation: 'edit' } },
    ];
    const wait: Step = { kind: 'wait', seconds: 31 };
    const turn: Act = { ...(before[0] as Act), operation: 'off/on', rep };
    const run: Work = {
      kind: 'work',
      worker,
      swept: true,
      doubled: false,
      fault,
      skip: 0,
      interruptions: { edit, kill, stall }[first],
    };
    return [
      ...before,
      wait,
      run,
      // Mostly at what is on its way, or in doubt.
      ...between.map((one): Step => ({ ...one, aimed: true })),
      // Off and on again: there is a first-time sync to be killed in.
      ...(`${crash}, ${second}`.includes('first sync') ? [turn, turn] : []),
      wait,
      { ...run, worker: worker === 0 ? 1 : 0, fault: again ? fault : 'none', interruptions: kill },
      wait,
      { ...run, fault: 'none', interruptions: [{ at: second, what: 'kill' }] },
    ];
  });

/**
 * Everybody begins anew, the first-time sync is killed between two of its pages, and what it has read by then is
 * edited there, before the next pull and long before the end of the first-time sync.
 */
const enrolment: fc.Arbitrary<Step[]> = fc
  .record({
    meanwhile: severalActs(4),
    killedAt: fc.integer({ min: 10, max: 45 }),
    worker: fc.constantFrom(0, 1),
    crash: crashPoint,
  })
  .map(({ meanwhile, killedAt, worker, crash }): Step[] => {
    const turns = [0, 1, 2].map((rep): Act => ({ ...(meanwhile[0] as Act), operation: 'off/on', rep }));
    const there = meanwhile.map((one): Act => ({ ...one, side: 'there', aimed: false }));
    const run: Work = {
      kind: 'work',
      worker,
      swept: true,
      doubled: false,
      fault: 'none',
      skip: 0,
      interruptions: [{ at: killedAt, what: 'kill' }],
    };
    return [
      ...turns,
      ...turns,
      run,
      ...there,
      { kind: 'wait', seconds: 31 },
      { ...run, interruptions: [{ at: crash, what: 'kill' }] },
      { kind: 'wait', seconds: 70 },
      { ...run, interruptions: [] },
      { kind: 'wait', seconds: 70 },
    ];
  });

const drills: fc.Arbitrary<Step[]> = fc.oneof({ weight: 5, arbitrary: drill }, { weight: 1, arbitrary: enrolment });

/** 30 to 80 steps of three reps, on both sides. */
export const history: fc.Arbitrary<History> = fc
  .record({
    policy: fc.constantFrom('latest', 'salesforce', 'command_center'),
    before: fc.nat(9),
    steps: fc.array(step, { minLength: 8, maxLength: 18, size: 'max' }),
    drilled: fc.array(fc.record({ at: fc.nat(18), steps: drills }), { minLength: 2, maxLength: 3, size: 'max' }),
  })
  .map(({ policy, before, steps, drilled }): History => {
    const all = [...steps];
    for (const { at, steps: some } of drilled) all.splice(Math.min(at, all.length), 0, ...some);
    return { policy, before, steps: all.slice(0, 80) };
  });
