import type { TaskChangeView } from '../../command-center/tasks/tasks.dto.js';
import type { Attempt } from './attempts.repository.js';
import type { ConflictDto } from './diagnostics.dto.js';
import { explain } from './explain.js';
import { fieldWords, listWords, quoted } from './field-words.js';
import { problemView } from './problem-view.js';
import type { Problem } from './problems.repository.js';
import type { Names } from './sync-names.js';
import type { TraceLineDto } from './trace.dto.js';

/** Lines of a trace, each with a sentence. */

export function attemptLine({ id, at, taskId: _, salesforceId, ...attempt }: Attempt): TraceLineDto {
  const dto = { ...attempt, fields: [...attempt.fields], salesforce_id: salesforceId };
  return { id, at, kind: 'attempt', who: null, sentence: attemptSentence(dto), attempt: dto };
}

export function changeLine(change: TaskChangeView, names: Names): TraceLineDto {
  const { id, at, field, old, new: value, origin } = change;
  const who = names.whoOf(change.who.id);
  const by = who?.name ?? (origin === 'salesforce' ? 'Somebody in Salesforce' : change.who.name);
  const words = changeWords(field, names.valueOf(field, old), names.valueOf(field, value));
  const sentence = `${by} ${words}${origin === 'salesforce' ? ' in Salesforce' : ''}.`;
  return { id, at, kind: 'change', who, sentence, change: { field, old, new: value, origin } };
}

export function conflictLine(conflict: ConflictDto): TraceLineDto {
  const { id, at, explanation, restored_by: by } = conflict;
  const restored = by ? ` ${by.name} restored the losing value.` : '';
  return { id, at, kind: 'conflict', who: null, sentence: explanation + restored, conflict };
}

export function problemLine(row: Problem): TraceLineDto {
  const problem = problemView(row);
  const state = { open: problem.advice, ignored: 'It is ignored.', resolved: 'It is solved.' }[problem.state];
  const sentence = `${problem.sentence} ${state}`;
  return { id: row.id, at: row.firstAt, kind: 'problem', who: null, sentence, problem };
}

const DONE: Record<Attempt['operation'], (fields: string) => string> = {
  create: () => 'Made in Salesforce.',
  update: (fields) => `Written to Salesforce: ${fields}.`,
  delete: () => 'Deleted in Salesforce.',
  restore: () => 'Brought back from Salesforce’s recycle bin.',
  import: () => 'Imported from Salesforce.',
  merge: (fields) => `Taken over from Salesforce: ${fields}.`,
};
const TRIED: Record<Attempt['operation'], string> = {
  create: 'To make it in Salesforce',
  update: 'To write it to Salesforce',
  delete: 'To delete it in Salesforce',
  restore: 'To bring it back in Salesforce',
  import: 'To import it',
  merge: 'To take it over',
};

function attemptSentence(attempt: Pick<Attempt, 'operation' | 'outcome' | 'code' | 'fields'>): string {
  const { operation, outcome, code, fields } = attempt;
  const tried = TRIED[operation];
  switch (outcome) {
    case 'done':
      // A merge without a field: the task itself was deleted, came back, or went to somebody else.
      return DONE[operation](fields.length > 0 ? listWords(fields) : 'whether and whose it is');
    case 'refused':
      return `${tried} was refused: ${code ? explain(code).sentence : 'Salesforce gave no reason.'}`;
    case 'failed':
      return `${tried} failed this time: ${code ? explain(code).sentence : 'Salesforce gave no reason.'}`;
    case 'unknown':
      return `${tried} was tried, and the answer was lost: the next look finds out whether it was stored.`;
  }
}

function changeWords(field: string, old: string | null, value: string | null): string {
  switch (field) {
    case 'created':
    case 'deleted':
    case 'restored':
      return { created: 'made', deleted: 'deleted', restored: 'restored' }[field] + ' the task';
    case 'left':
      return 'gave the task to somebody who does not sync';
    case 'returned':
      return 'gave the task back to somebody who syncs';
    default:
      return `changed the ${fieldWords(field)} from ${quoted(old)} to ${quoted(value)}`;
  }
}
