import { addDays, type LocalDate } from '../../platform/clock/local-date.js';
import { dateTimeLiteral, quote } from '../client/soql.js';
import type { SyncScope } from './task-sync-settings.entity.js';

/** One rep whose tasks a first-time sync reads. */
export interface ReadFor {
  userId: string;
  salesforceUserId: string;
  scope: SyncScope;
  /** The day it is where the rep is. */
  today: LocalDate;
}

/**
 * Reps in one query: its address holds 12,288 bytes of SOQL (client/soql.ts). An id takes 30 of them once it is encoded,
 * and all else some 1,600 where the reps have all scopes and days: 350 would fit.
 */
export const REPS_IN_A_QUERY = 250;

/** Whose tasks a query reads: reps whose Salesforce ids come after this one, up to that one; null: as many as fit. */
export interface RepRange {
  after: string;
  upTo: string | null;
}

export const FIRST_REPS: RepRange = { after: '', upTo: null };

/**
 * The reps of a range, out of all in the order of their Salesforce ids; where it ends, so that it stays the same when
 * some of them are turned off meanwhile; and the range after it, null when there is nobody.
 */
export function rangeOf<Rep extends { salesforceUserId: string }>(
  all: readonly Rep[],
  { after, upTo }: RepRange,
): { reps: Rep[]; range: RepRange; next: RepRange | null } {
  const left = all.filter((rep) => rep.salesforceUserId > after);
  const end = upTo ?? left.slice(0, REPS_IN_A_QUERY).at(-1)?.salesforceUserId ?? after;
  const reps = left.filter((rep) => rep.salesforceUserId <= end);
  return { reps, range: { after, upTo: end }, next: left.length > reps.length ? { after: end, upTo: null } : null };
}

const RECENT_MS = 24 * 3_600_000;

/** The WHERE of a first-time sync of several reps: theirs, and in the scope of each. */
export function whereOf(reps: readonly ReadFor[], enrolledAt: Date): string {
  const groups = new Map<string, ReadFor[]>();
  for (const rep of reps) {
    const condition = scopeCondition(rep.scope, rep.today, enrolledAt);
    groups.set(condition, [...(groups.get(condition) ?? []), rep]);
  }
  const parts = [...groups].map(([condition, group]) => {
    const owners = `OwnerId IN (${group.map((rep) => quote(rep.salesforceUserId)).join(', ')})`;
    return condition ? `(${owners} AND (${condition}))` : `(${owners})`;
  });
  return `IsDeleted = FALSE AND (${parts.join(' OR ')})`;
}

/**
 * What a scope takes in. recent: made or changed in the last 24 hours; due: these, and open ones due today or later or
 * without a date; open: these, and every open one; all: everything.
 */
export function scopeCondition(scope: SyncScope, today: LocalDate, at: Date): string {
  const since = dateTimeLiteral(new Date(at.getTime() - RECENT_MS));
  const recent = `CreatedDate >= ${since} OR LastModifiedDate >= ${since}`;
  switch (scope) {
    case 'recent':
      return recent;
    case 'due':
      // Greater than yesterday: the same as from today on, in one comparison that every org indexes alike.
      return `${recent} OR (IsClosed = FALSE AND (ActivityDate > ${addDays(today, -1)} OR ActivityDate = NULL))`;
    case 'open':
      return `${recent} OR IsClosed = FALSE`;
    case 'all':
      return '';
  }
}
