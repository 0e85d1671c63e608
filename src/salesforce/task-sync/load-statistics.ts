/** So few new rows do not mislead the planner. */
const UNNOTICED = 2_000;
/** Tasks read after which the tables' statistics are taken anew, besides at the end. */
const AT = [10_000, 100_000];

// Only what is looked up and sorted by: to sample long texts and documents as well takes three times as long.
export const STATISTICS = `ANALYZE
  tasks (team_id, id, status, due_date, assignee_id, person_id, closed_at, away_since, deleted_at),
  task_links (team_id, task_id, salesforce_id, due_since, not_before, frozen, parked_code),
  people (team_id, id, email, owner_id, deleted_at),
  person_salesforce_records`;

/**
 * Whether statistics are wanted after a page of a load: right after it the planner knows nothing of the new rows, and
 * autovacuum comes a minute later.
 */
export function wantsStatistics(doneBefore: number, done: number, isEnd: boolean): boolean {
  return isEnd ? done > UNNOTICED : AT.some((size) => doneBefore < size && done >= size);
}
