interface Key {
  keys: readonly string[];
  what: string;
}

/** What each key does on the Tasks page: the same list drives the help. */
const TASK_KEYS: readonly Key[] = [
  { keys: ['N'], what: 'Add a task' },
  { keys: ['J', 'K'], what: 'Next, previous task (or the arrow keys)' },
  { keys: ['Enter', 'O'], what: 'Open the task' },
  { keys: ['E'], what: 'Complete it, or open it again' },
  { keys: ['D'], what: 'Reschedule it' },
  { keys: ['H'], what: 'Snooze it' },
  { keys: ['A'], what: 'Give it to somebody else' },
  { keys: ['S'], what: 'Skip it' },
  { keys: ['X'], what: 'Select it; the keys then act on all that are selected' },
  { keys: ['Shift', 'J'], what: 'Select on the way (also Shift+click)' },
  { keys: ['Ctrl', 'A'], what: 'Select all that are loaded' },
  { keys: ['#'], what: 'Delete it' },
  { keys: ['Z'], what: 'Undo' },
  { keys: ['/'], what: 'Search' },
  { keys: ['Ctrl', 'Enter'], what: 'Save the open task' },
  { keys: ['Esc'], what: 'Close, or give up the selection' },
  { keys: ['?'], what: 'This help' },
];

const EMAIL_KEYS: readonly Key[] = [
  { keys: ['N'], what: 'Write an email' },
  { keys: ['J', 'K'], what: 'Next, previous email (or the arrow keys)' },
  { keys: ['Enter', 'O'], what: 'Open the email' },
  { keys: ['E'], what: 'Edit it, archive it, or bring it back from the archive' },
  { keys: ['S'], what: 'Mark it as a success, or take the mark away' },
  { keys: ['R'], what: 'Retry it' },
  { keys: ['X'], what: 'Select it; the keys then act on all that are selected' },
  { keys: ['Shift', 'J'], what: 'Select on the way (also Shift+click)' },
  { keys: ['Ctrl', 'A'], what: 'Select all that are loaded' },
  { keys: ['#'], what: 'Delete it' },
  { keys: ['/'], what: 'Search' },
  { keys: ['Esc'], what: 'Close, or give up the selection' },
  { keys: ['?'], what: 'This help' },
];

const PEOPLE_KEYS: readonly Key[] = [
  { keys: ['N'], what: 'Add a person' },
  { keys: ['J', 'K'], what: 'Next, previous person (or the arrow keys)' },
  { keys: ['Enter', 'O'], what: 'Open the person' },
  { keys: ['X'], what: 'Select them' },
  { keys: ['G'], what: 'Add all that are selected to a group' },
  { keys: ['Shift', 'J'], what: 'Select on the way (also Shift+click)' },
  { keys: ['Ctrl', 'A'], what: 'Select all that are loaded' },
  { keys: ['/'], what: 'Search' },
  { keys: ['Ctrl', 'Enter'], what: 'Save the open person' },
  { keys: ['Esc'], what: 'Close, or give up the selection' },
  { keys: ['?'], what: 'This help' },
];

const TEMPLATE_KEYS: readonly Key[] = [
  { keys: ['N'], what: 'Write a new template' },
  { keys: ['/'], what: 'Search' },
  { keys: ['Ctrl', 'Enter'], what: 'Save the open template' },
  { keys: ['?'], what: 'This help' },
];

/** Pure: the keys of the page at this address. */
export function keysAt(path: string): readonly Key[] {
  if (path.startsWith('/emails')) return EMAIL_KEYS;
  if (path.startsWith('/templates')) return TEMPLATE_KEYS;
  return path.startsWith('/people') ? PEOPLE_KEYS : TASK_KEYS;
}
