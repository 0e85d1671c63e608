import type { ModelWorld } from './model-world.js';

/** What happened to the task that a wrong is about, line by line, as far as the product noted it. */
export async function storyOf(world: ModelWorld, wrong: string): Promise<string[]> {
  const [id] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(wrong) ?? [];
  if (!id) return [];
  const lines = await world.here<{ at: Date; line: string }>(
    `SELECT at, line FROM (
       SELECT at, id, concat_ws(' ', 'change', origin, field, old_value, '→', new_value, actor) AS line
       FROM task_changes WHERE task_id = $1
       UNION ALL
       SELECT at, id, concat_ws(' ', 'attempt', operation, outcome, code, array_to_string(fields, ','), salesforce_id)
       FROM sync_attempts WHERE task_id = $1
       UNION ALL
       SELECT at, id, concat_ws(' ', 'conflict', field, 'base', base, 'here', here, 'there', there, 'winner', winner)
       FROM sync_conflicts WHERE task_id = $1) story ORDER BY at, id`,
    [id],
  );
  const links = await world.here<object>('SELECT * FROM task_links WHERE task_id = $1', [id]);
  return [
    ...lines.map(({ at, line }) => `  ${at.toISOString()} ${line}`),
    ...links.map((link) => `  link ${JSON.stringify(link)}`),
  ];
}
