import type { Conflict } from '../task-sync/conflicts.repository.js';
import type { ConflictDto, RestoredConflictDto } from './diagnostics.dto.js';
import { capital, fieldWords, quoted } from './field-words.js';
import type { Restoration } from './restore-conflict.service.js';
import type { Names, Who } from './sync-names.js';

/** A conflict as people read it. `hereActor`: who changed it here. */
export function conflictView(row: Conflict, hereActor: string | null, names: Names): ConflictDto {
  const words = {
    base: names.valueOf(row.field, row.base),
    here: names.valueOf(row.field, row.here),
    there: names.valueOf(row.field, row.there),
  };
  const by = { here: names.whoOf(hereActor), there: names.whoOf(row.thereActor) };
  return {
    id: row.id,
    task_id: row.taskId,
    task_name: row.taskName,
    field: row.field,
    field_name: fieldWords(row.field),
    base: row.base,
    here: row.here,
    there: row.there,
    words,
    winner: row.winner,
    reason: row.reason,
    explanation: explanationOf(row, words, by),
    here_changed_at: row.hereChangedAt,
    there_changed_at: row.thereChangedAt,
    here_changed_by: by.here,
    there_changed_by: by.there,
    at: row.at,
    restored_at: row.restoredAt,
    restored_by: names.whoOf(row.restoredBy),
  };
}

export function restoredView({ conflict, ...done }: Restoration, hereActor: string | null, names: Names) {
  const { field } = conflict;
  const value = (canonical: string | null) => ({ value: canonical, words: names.valueOf(field, canonical) });
  const view: RestoredConflictDto = {
    conflict: conflictView(conflict, hereActor, names),
    replaced: value(done.replaced),
    restored: value(done.restored),
    sentence: '',
  };
  const [before, after] = [quoted(view.replaced.words), quoted(view.restored.words)];
  const what = `${capital(fieldWords(field))}: ${after}`;
  view.sentence = [
    done.revived ? 'The task is back.' : '',
    done.replaced === done.restored ? `${what}, as it was already.` : `${what} again, instead of ${before}.`,
    done.goesThere ? 'It is on its way to Salesforce.' : 'It goes to Salesforce when its rep’s task sync is on.',
  ]
    .filter(Boolean)
    .join(' ');
  return view;
}

function explanationOf(
  row: Conflict,
  words: { base: string | null; here: string | null; there: string | null },
  by: { here: Who | null; there: Who | null },
): string {
  const what = fieldWords(row.field);
  const [here, there] = [by.here?.name ?? 'Somebody', by.there?.name ?? 'Somebody'];
  if (row.reason === 'deletion') {
    return row.winner === 'there'
      ? `${here} changed the ${what} to ${quoted(words.here)} here, but the task was deleted in Salesforce: the deletion won.`
      : `${there} changed the ${what} to ${quoted(words.there)} in Salesforce, but the task was deleted here: the deletion won.`;
  }
  const changes =
    `${here} changed the ${what} from ${quoted(words.base)} to ${quoted(words.here)} here, ` +
    `and ${there} to ${quoted(words.there)} in Salesforce.`;
  return capital(`${changes} ${whyOf(row)}`);
}

function whyOf({ winner, reason }: Conflict): string {
  const side = winner === 'there' ? 'Salesforce’s value' : 'The value here';
  switch (reason) {
    case 'policy':
      return `${side} won, as your team’s setting says.`;
    case 'tie':
      return `${side} won: both changes were made in the same second.`;
    case 'later':
      return `${side} won: it was the later change.`;
    default:
      return `${side} won.`;
  }
}
