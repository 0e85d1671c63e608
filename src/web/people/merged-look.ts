import type { Person } from './people-query';

export interface MergedValue {
  label: string;
  value: string;
  /** It comes from the person who goes. */
  isTheirs: boolean;
  /** What the one who goes has instead, and is lost. */
  lost: string | null;
}

const FILLED = [
  ['title', 'Title'],
  ['company', 'Company'],
  ['phone', 'Phone'],
  ['source', 'Source'],
  ['time_zone', 'Time zone'],
] as const;

/** Pure: what the person who stays is after a merge, as the server does it; fields that neither has are left out. */
export function mergedLook(stays: Person, goes: Person): MergedValue[] {
  const value = (label: string, mine: string | null, theirs: string | null): MergedValue[] => {
    if (mine === null && theirs === null) return [];
    const lost = mine !== null && theirs !== null && theirs !== mine ? theirs : null;
    return [{ label, value: mine ?? theirs ?? '', isTheirs: mine === null, lost }];
  };
  return [
    ...value('Name', stays.name, goes.name),
    ...addresses(stays, goes),
    ...FILLED.flatMap(([field, label]) => value(label, stays[field], goes[field])),
    ...customNames(stays, goes).flatMap((name) => value(name, stays.custom[name] ?? null, goes.custom[name] ?? null)),
    ...value('Owner', stays.owner?.name ?? null, goes.owner?.name ?? null),
  ];
}

/** No address is lost: the one's main address becomes another of the other's. */
function addresses(stays: Person, goes: Person): MergedValue[] {
  const main = stays.email ?? goes.email;
  if (main === null) return [];
  const all = [stays.email, goes.email, ...stays.other_addresses, ...goes.other_addresses];
  const others = [...new Set(all)].filter((email) => email !== null && email !== main);
  return [
    { label: 'Emails go to', value: main, isTheirs: stays.email === null, lost: null },
    ...(others.length > 0 ? [{ label: 'Other addresses', value: others.join(', '), isTheirs: false, lost: null }] : []),
  ];
}

function customNames(stays: Person, goes: Person): string[] {
  return [...new Set([...Object.keys(stays.custom), ...Object.keys(goes.custom)])].sort();
}

/** Pure: what holds for the one because it holds for either. */
export function mergedSentences(stays: Person, goes: Person): string[] {
  const isOut = stays.unsubscribed_at !== null || goes.unsubscribed_at !== null;
  const isShared = stays.shared || goes.shared;
  return [
    'Tasks, emails, notes, groups and the whole history of both are theirs together.',
    ...(isOut ? ['They are unsubscribed, as one of the two is.'] : []),
    ...(isShared ? ['They are shared with the team, as one of the two is.'] : []),
  ];
}
