import type { Outbox } from '../outbox.js';
import { plural, type Terminal } from '../terminal.js';

/** What must become of the fifty: by the kind of their recipients, whatever the product says. */
const EXPECTED: Record<string, number> = { delivered: 45, bounced: 2, failed: 3 };

/** Whether each email is where it belongs, and each that was delivered is in its mailbox once. */
export function tellOutbox({ emails, arrived, doubles, opens }: Outbox, terminal: Terminal): boolean {
  const folders: Record<string, number> = {};
  for (const { folder } of emails) folders[folder] = (folders[folder] ?? 0) + 1;
  const faults = [
    ...[...new Set([...Object.keys(folders), ...Object.keys(EXPECTED)])]
      .filter((folder) => folders[folder] !== EXPECTED[folder])
      .map((folder) => `${folders[folder] ?? 0} ${folder} instead of ${EXPECTED[folder] ?? 0}`),
    ...(opens ? [] : ['the file does not open by its link']),
    ...(arrived === EXPECTED.delivered ? [] : [`${plural(arrived, 'message')} in the mailboxes`]),
    ...(doubles > 0 ? [`${plural(doubles, 'mailbox', 'mailboxes')} with two copies`] : []),
  ];
  if (faults.length > 0) terminal.line(`${terminal.paint('red', '✗')} ${faults.join(', ')}`);
  else terminal.done('Sent', 'each to its mailbox, once, with a file that opens; the others say why not');
  return faults.length === 0;
}
