import type { Answer, Call } from './call.js';
import { ok } from './call.js';
import { ApiError } from './errors.js';
import type { ObjectType } from './objects/field.js';
import { formatStamp, parseStamp, wholeSeconds } from './time.js';

const DAY = 86_400_000;
const UPDATED_DAYS = 30;
const DELETED_DAYS = 15;
const MAX_IDS = 600_000;

/** Ids of records created or changed in an interval, deleted ones not among them. */
export async function updatedSince(call: Call, type: ObjectType): Promise<Answer> {
  const { start, end } = interval(call, UPDATED_DAYS);
  const { rows } = await call.db.query<{ id: string }>(
    `SELECT id FROM ${type.table}
     WHERE system_modstamp >= $1 AND system_modstamp < $2 AND NOT is_deleted
     ORDER BY system_modstamp, id LIMIT ${MAX_IDS + 1}`,
    [start, end],
  );
  tooMany(rows.length);
  return ok({ ids: rows.map((r) => r.id), latestDateCovered: formatStamp(covered(call, end)) });
}

/** Records that went into the recycle bin in an interval and are still in it. */
export async function deletedSince(call: Call, type: ObjectType): Promise<Answer> {
  const { start, end } = interval(call, DELETED_DAYS);
  const { rows } = await call.db.query<{ id: string; at: Date }>(
    `SELECT id, system_modstamp AS at FROM ${type.table}
     WHERE system_modstamp >= $1 AND system_modstamp < $2 AND is_deleted
     ORDER BY system_modstamp, id LIMIT ${MAX_IDS + 1}`,
    [start, end],
  );
  tooMany(rows.length);
  return ok({
    deletedRecords: rows.map((r) => ({ id: r.id, deletedDate: formatStamp(r.at) })),
    earliestDateAvailable: formatStamp(new Date(call.org.now().getTime() - DELETED_DAYS * DAY)),
    latestDateCovered: formatStamp(covered(call, end)),
  });
}

function interval(call: Call, days: number): { start: Date; end: Date } {
  const start = parseStamp(call.query.get('start') ?? '');
  const end = parseStamp(call.query.get('end') ?? '');
  if (!start || !end)
    throw new ApiError(400, 'INVALID_REPLICATION_DATE', 'start and end must be dates with a time zone');
  if (end.getTime() - start.getTime() <= 60_000) {
    throw new ApiError(400, 'INVALID_REPLICATION_DATE', 'startDate must be at least one minute before endDate');
  }
  if (start.getTime() < call.org.now().getTime() - days * DAY) {
    throw new ApiError(400, 'INVALID_REPLICATION_DATE', `startDate cannot be more than ${days} days ago`);
  }
  return { start: wholeSeconds(start), end: wholeSeconds(end) };
}

/** What was asked for may lie in the future; what was answered does not reach beyond now. */
function covered(call: Call, end: Date): Date {
  const now = call.org.now();
  return end < now ? end : now;
}

function tooMany(count: number): void {
  if (count > MAX_IDS) throw new ApiError(400, 'EXCEEDED_ID_LIMIT', 'The results exceed the limit of 600000 ids');
}
