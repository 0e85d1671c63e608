import { expect } from '@jest/globals';
import { compare } from '../../../src/sandbox/start/compare.js';
import { readRows } from '../../../src/sandbox/start/compare-read.js';
import type { ThereTask } from '../../../src/sandbox/start/compare-types.js';
import type { SyncWorld } from '../../support/sync-world.js';

export interface Exceptions {
  /** As the org was right before the sync was turned on; nothing unless given. */
  thereBefore?: ThereTask[];
  /** Tasks that wait for a person: they differ, and nothing of them is under way. */
  parked?: readonly string[];
  /** The org has lost what it kept in the key field. */
  keysLost?: boolean;
}

/**
 * Both sides say the same, row by row, by rules that share no code with the sync; nothing is there twice, nothing is
 * still under way, and an idle cycle writes nothing.
 */
export async function expectBothSidesEqual(world: SyncWorld, exceptions: Exceptions = {}): Promise<void> {
  const parked = new Set(exceptions.parked ?? []);
  expect((await world.quietCycle()).writes).toBe(0);
  const found = await differences(world, exceptions.thereBefore ?? [], parked);
  expect(exceptions.keysLost ? found.filter(({ field }) => field !== 'key') : found).toEqual([]);
  expect(await unfinished(world, parked)).toEqual([]);
}

async function differences(world: SyncWorld, thereBefore: ThereTask[], parked: ReadonlySet<string>) {
  const { dataSource } = world.database;
  const rows = await readRows(world.database.url, world.orgDatabase.url, thereBefore);
  const ours: { id: string }[] = await dataSource.query(
    `SELECT id FROM tasks WHERE team_id = $1 UNION ALL SELECT user_id FROM task_sync_enrolments WHERE team_id = $1`,
    [world.team.teamId],
  );
  const isOurs = new Set(ours.map(({ id }) => id));
  // Who is whom, the comparison knows by equal addresses; here only the match tells.
  const matches: { id: string; email: string }[] = await dataSource.query(
    `SELECT m.salesforce_user_id AS id, u.email FROM salesforce_user_matches m
     JOIN users u ON u.team_id = m.team_id AND u.id = m.user_id WHERE m.team_id = $1`,
    [world.team.teamId],
  );
  const { differences: found } = compare({
    ...rows,
    here: rows.here.filter(({ id }) => isOurs.has(id)),
    reps: rows.reps.filter(({ userId }) => isOurs.has(userId)),
    emails: new Map(matches.map(({ id, email }) => [id, email])),
  });
  return found.filter(({ taskId }) => !parked.has(taskId ?? ''));
}

/** Links that are not at rest, or that name a record which another one names. */
async function unfinished(world: SyncWorld, parked: ReadonlySet<string>) {
  const rows: { task: string; name: string; why: string }[] = await world.database.dataSource.query(
    `SELECT l.task_id AS task, t.name, concat_ws(' ', l.parked_code, l.sent ->> 'op',
              CASE WHEN l.due_since IS NOT NULL THEN 'due' END) AS why
     FROM task_links l JOIN tasks t ON t.team_id = l.team_id AND t.id = l.task_id
     WHERE l.team_id = $1 AND NOT l.frozen AND (l.due_since IS NOT NULL OR l.sent IS NOT NULL OR l.parked_code IS NOT NULL)
     ORDER BY t.name`,
    [world.team.teamId],
  );
  return rows.filter(({ task, why }) => !parked.has(task) || /create|update|delete|restore/.test(why));
}
