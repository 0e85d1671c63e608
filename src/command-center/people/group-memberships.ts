import type { Reader, Tx } from '../../platform/database/transactions.js';
import type { Viewer } from './person-access.js';

export interface GroupRef {
  id: string;
  name: string;
}

/** The groups of each person, as far as the viewer sees them, by name. */
export async function groupsOf(
  reader: Reader,
  viewer: Viewer,
  personIds: readonly string[],
): Promise<Map<string, GroupRef[]>> {
  const rows = await reader.query<GroupRef & { personId: string }>(
    `SELECT m.person_id AS "personId", g.id, g.name
     FROM group_members m JOIN groups g ON g.team_id = m.team_id AND g.id = m.group_id
     WHERE m.team_id = $1 AND m.person_id = ANY($2::uuid[]) AND ($3 OR g.shared OR g.owner_id = $4)
     ORDER BY lower(g.name), g.id`,
    [viewer.teamId, personIds, viewer.role === 'admin', viewer.userId],
  );
  const groups = new Map<string, GroupRef[]>();
  for (const { personId, id, name } of rows) {
    const known = groups.get(personId) ?? [];
    known.push({ id, name });
    groups.set(personId, known);
  }
  return groups;
}

/** Who is deleted is in no group. */
export async function leaveGroups(tx: Tx, teamId: string, personId: string): Promise<void> {
  await tx.query('DELETE FROM group_members WHERE team_id = $1 AND person_id = $2', [teamId, personId]);
}
