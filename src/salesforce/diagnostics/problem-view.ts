import type { ProblemDto, ProblemKindDto } from './diagnostics.dto.js';
import { explain } from './explain.js';
import type { Problem } from './problems.repository.js';

export function problemView(row: Problem): ProblemDto {
  const { category, behaviour, sentence, advice } = explain(row.code);
  return {
    id: row.id,
    task_id: row.taskId,
    task_name: row.taskName,
    assignee_id: row.assigneeId,
    salesforce_id: row.salesforceId,
    code: row.code,
    category,
    behaviour,
    sentence,
    advice,
    message: row.message,
    fields: row.fields,
    attempts: row.attempts,
    first_at: row.firstAt,
    last_at: row.lastAt,
    state: row.resolvedAt ? 'resolved' : row.ignoredAt ? 'ignored' : 'open',
    resolved_at: row.resolvedAt,
    ignored_at: row.ignoredAt,
    waits_for_a_person: row.parked,
  };
}

export function kindView({ code, count }: { code: string; count: number }): ProblemKindDto {
  return { code, ...explain(code), count };
}
