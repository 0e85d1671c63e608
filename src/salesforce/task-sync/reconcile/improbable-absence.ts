import type { Pair } from '../task-merger.js';
import { absenceWords } from './absence-words.js';
import type { Absence } from './alarms.repository.js';

/** Records are not to be seen, and we rather believe that we may not see them than that they were deleted. */
export class ImprobableAbsenceError extends Error implements Absence {
  readonly absent: readonly string[];
  readonly asked: number;
  readonly seesAll: boolean | null;

  constructor(
    absence: Absence,
    /** What was read of all others. */
    readonly present: readonly Pair[],
  ) {
    const { sentence, advice } = absenceWords({ ...absence, absent: absence.absent.length });
    super(`${sentence} ${advice}`);
    this.absent = absence.absent;
    this.asked = absence.asked;
    this.seesAll = absence.seesAll;
  }
}
