import { to18 } from '../ids.js';
import type { Org } from '../org.js';
import { seedOrg } from '../seed/seed.js';
import { parseStamp, wholeSeconds } from '../time.js';
import type { Data } from './input.js';
import { numberOf, textOf, textsOf } from './input.js';

/** What an admin's change of a picklist or a data repair does: new stamps, the same content. */
export async function restamp(org: Org, data: Data): Promise<number> {
  const type = org.catalogue.get(textOf(data, 'object') ?? 'Task');
  const ids = textsOf(data, 'ids')?.map((id) => to18(id) ?? id);
  const ownerId = textOf(data, 'ownerId');
  const at = parseStamp(textOf(data, 'at') ?? '') ?? org.now();
  const { rowCount } = await org.pool.query(
    `UPDATE ${type.table} SET system_modstamp = $1
     WHERE ($2::text[] IS NULL OR id = ANY($2)) AND NOT is_deleted${type.hasOwner ? ' AND ($3::text IS NULL OR owner_id = $3)' : ''}`,
    [wholeSeconds(at), ids ?? null, ...(type.hasOwner ? [ownerId === undefined ? null : to18(ownerId)] : [])],
  );
  return rowCount ?? 0;
}

/** Archives closed tasks that are more than 365 days old, as Salesforce does in the background. Stamps stay. */
export async function archive(org: Org): Promise<number> {
  const { rowCount } = await org.pool.query(
    `UPDATE sf_task SET is_archived = true
     WHERE is_closed AND NOT is_archived AND NOT is_deleted
       AND COALESCE(activity_date, (created_date AT TIME ZONE 'UTC')::date) < ($1::timestamptz AT TIME ZONE 'UTC')::date - 365`,
    [org.now()],
  );
  return rowCount ?? 0;
}

export async function seedMore(org: Org, data: Data): Promise<unknown> {
  return seedOrg(org.pool, {
    tasks: numberOf(data, 'tasks') ?? 5000,
    seed: numberOf(data, 'seed') ?? 1,
    now: org.now(),
  });
}
