import { ApiError } from '../errors.js';
import { makeId, PREFIX, to18 } from '../ids.js';
import type { Org } from '../org.js';
import type { Data } from './input.js';
import { numberOf } from './input.js';

/** Hires: so many active standard users who see all data. Answers their ids. */
export async function hireUsers(org: Org, data: Data): Promise<string[]> {
  const count = numberOf(data, 'count') ?? 1;
  if (!Number.isInteger(count) || count < 1 || count > 10_000) {
    throw new ApiError(400, 'INVALID_CONTROL', 'count is a whole number from 1 to 10,000');
  }
  const ids = await org.newIds(PREFIX.User, count);
  await org.pool.query(
    `INSERT INTO sf_user (id, username, first_name, last_name, name, email, alias, title, is_active, user_type,
       time_zone_sid_key, created_date, created_by_id, last_modified_date, last_modified_by_id, system_modstamp)
     SELECT id, lower(id) || '@northwind.example', 'Rep', 'No. ' || n, 'Rep No. ' || n, lower(id) || '@northwind.example',
       'rep', 'Account Executive', true, 'Standard', 'UTC', $2, $3, $2, $3, $2
     FROM unnest($1::text[]) WITH ORDINALITY AS hired (id, n)`,
    [ids, org.stamp(), makeId(PREFIX.User, 1)],
  );
  return ids;
}

/** Whether the user has confirmed their address. */
export function setVerified(org: Org, id: string, verified: boolean | undefined): void {
  if (verified === undefined) return;
  if (verified) org.unverified.delete(to18(id) ?? '');
  else org.unverified.add(to18(id) ?? '');
}
