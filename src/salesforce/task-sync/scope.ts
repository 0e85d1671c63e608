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
