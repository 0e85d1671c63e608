/*
 * What became of every edit. An edit may be overwritten by somebody who saw it (each edit notes what was visible where
 * it was made), or lose a conflict that is recorded. Any other edit that is not in force at the end is lost.
 */

export type Side = 'here' | 'there';

export interface Edit {
  side: Side;
  /** In Salesforce's names. */
  field: string;
  value: string | null;
  /** The value that its author saw and replaced. */
  over: string | null;
  /** It was committed in Salesforce between our reading of the row and our writing of that very field. */
  unavoidable: boolean;
}

/** Values of one task, by field. */
export type Values = Record<string, string | null>;

export interface RecordedConflict {
  field: string;
  here: string | null;
  there: string | null;
}

/** All that people did to one task, seen as one on both sides. */
export class TaskLedger {
  readonly edits: Edit[] = [];
  /** What was visible where it was made, deleted: whoever deletes it has seen that. */
  readonly seen: Values[] = [];

  add(edit: Omit<Edit, 'unavoidable'>): Edit {
    const kept = { ...edit, unavoidable: false };
    this.edits.push(kept);
    return kept;
  }

  join(other: TaskLedger): void {
    this.edits.push(...other.edits);
    this.seen.push(...other.seen);
  }

  /** Edits that are neither in force, nor were replaced by somebody who saw them, nor are kept by a conflict. */
  lost(final: Values, conflicts: readonly RecordedConflict[]): Edit[] {
    const fields = new Set(this.edits.map(({ field }) => field));
    return [...fields].flatMap((field) => {
      const edits = this.edits.filter((edit) => edit.field === field);
      const kept = new Set<string | null>([
        final[field] ?? null,
        ...this.seen.map((values) => values[field] ?? null),
        ...conflicts.filter((conflict) => conflict.field === field).flatMap(({ here, there }) => [here, there]),
      ]);
      for (let grew = true; grew;) {
        grew = false;
        for (const { value, over } of edits) {
          if (!kept.has(value) || kept.has(over)) continue;
          kept.add(over);
          grew = true;
        }
      }
      return edits.filter(({ value, unavoidable }) => !unavoidable && !kept.has(value));
    });
  }

  /** Conflicts of fields where one side's value was never chosen by anybody on that side: our own echo. */
  echoes(conflicts: readonly RecordedConflict[], late: ReadonlySet<string>): RecordedConflict[] {
    const wasMade = (side: Side, field: string, value: string | null) =>
      this.edits.some(
        (edit) => edit.side === side && edit.field === field && (edit.value === value || edit.over === value),
      );
    return conflicts.filter(({ field, here, there }) => {
      if (field === 'deletion' || here === null || there === null || late.has(there)) return false;
      return !wasMade('here', field, here) || !wasMade('there', field, there);
    });
  }
}
