/** What each key does: the same list drives the help. */
export const KEYS: readonly { keys: readonly string[]; what: string }[] = [
  { keys: ['N'], what: 'Add a task' },
  { keys: ['J', 'K'], what: 'Next, previous task (or the arrow keys)' },
  { keys: ['Enter'], what: 'Open the task' },
  { keys: ['E'], what: 'Complete it, or open it again' },
  { keys: ['D'], what: 'Reschedule it' },
  { keys: ['A'], what: 'Give it to somebody else' },
  { keys: ['X'], what: 'Select it; then E, D and A act on all that are selected' },
  { keys: ['#'], what: 'Delete it' },
  { keys: ['Z'], what: 'Undo' },
  { keys: ['/'], what: 'Search' },
  { keys: ['Esc'], what: 'Close, or give up the selection' },
  { keys: ['?'], what: 'This help' },
];
