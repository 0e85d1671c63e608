import type { Comparison } from '../compare.js';
import type { ProblemView } from '../sync-api.js';
import { count, plural, type Terminal } from '../terminal.js';
import { CONFLICTS } from './changes-both.js';
import type { LostChange } from './kept-changes.js';

export interface Findings {
  comparison: Comparison;
  lost: readonly LostChange[];
  /** Conflicts that the sync recorded. */
  conflicts: number;
  problems: readonly ProblemView[];
}

/** Tells what the comparison found; whether all is well. */
export function tellVerdict({ comparison, lost, conflicts, problems }: Findings, terminal: Terminal): boolean {
  const { here, there, differences } = comparison;
  terminal.line(`  here         ${count(here).padStart(7)} tasks`);
  terminal.line(`  Salesforce   ${count(there).padStart(7)} tasks that must be here`);
  terminal.line(`  conflicts    ${count(conflicts).padStart(7)} recorded, ${CONFLICTS} made`);
  for (const { field, here: mine, there: theirs, taskId, salesforceId } of differences) {
    terminal.line(`  ${terminal.paint('red', '≠')} ${field}: here ${mine}, there ${theirs}`);
    terminal.line(`      task ${taskId ?? '–'}, Salesforce ${salesforceId ?? '–'}`);
  }
  for (const { side, id, field, written, found } of lost) {
    const where = side === 'here' ? 'task' : 'Salesforce';
    terminal.line(`  ${terminal.paint('red', '≠')} lost ${field}: written ${written}, now ${found} (${where} ${id})`);
  }
  for (const { code, sentence, message, task_id: taskId } of problems) {
    terminal.line(`  ${terminal.paint('red', '!')} ${code}: ${sentence} ${message} (task ${taskId ?? '–'})`);
  }
  const faults = [
    ...(differences.length > 0 ? [plural(differences.length, 'difference')] : []),
    ...(lost.length > 0 ? [plural(lost.length, 'lost change')] : []),
    ...(problems.length > 0 ? [`${plural(problems.length, 'write')} that Salesforce refused`] : []),
    ...(here !== there ? ['the counts differ'] : []),
    ...(conflicts < CONFLICTS ? ['conflicts were not recorded'] : []),
  ];
  terminal.line();
  if (faults.length > 0) terminal.line(`${terminal.paint('red', '✗')} ${faults.join(', ')}`);
  else terminal.done('The same', 'no difference, no doubles, no change lost');
  return faults.length === 0;
}
