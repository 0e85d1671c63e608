/** Pure: which Salesforce user each of ours is. */

export interface OurUser {
  id: string;
  name: string;
  email: string;
}

export interface OrgUser {
  id: string;
  username: string;
  email: string;
  name: string;
  federationId: string | null;
}

export const MATCHED_BY = ['username', 'email', 'federation_id', 'admin'] as const;
export type MatchedBy = (typeof MATCHED_BY)[number];

export interface StoredMatch {
  userId: string;
  salesforceUserId: string;
  salesforceUsername: string;
  matchedBy: MatchedBy;
}

/**
 * - `kept`: was matched before, by an admin or by itself
 * - `matched`: found now
 * - `ambiguous`: several fit equally well; an admin chooses
 * - `taken`: the one that fits is matched with somebody else
 * - `none`: nobody fits
 * - `inactive`: was matched before, with a user who is no longer an active standard user
 */
export const MATCH_OUTCOMES = ['kept', 'matched', 'ambiguous', 'taken', 'none', 'inactive'] as const;
export type MatchOutcome = (typeof MATCH_OUTCOMES)[number];

export interface MatchResult {
  user: OurUser;
  outcome: MatchOutcome;
  matchedBy: MatchedBy | null;
  /** kept, matched: the one. ambiguous, taken: those that fit. */
  candidates: OrgUser[];
}

type Key = Exclude<MatchedBy, 'admin'>;

const KEYS: Readonly<Record<Key, (user: OrgUser) => string | null>> = {
  username: (user) => user.username,
  // In a sandbox Salesforce appends this to every address.
  email: (user) => user.email.replace(/\.invalid$/i, ''),
  federation_id: (user) => user.federationId,
};

/**
 * Present matches stand: a rep's tasks hang on them. Then username, email, federation id, in this order; a key decides
 * only if exactly one free user has it. All of ours are tried by one key before the next, so that nobody loses a user
 * who fits better to one who was asked first.
 */
export function matchUsers(
  ours: readonly OurUser[],
  theirs: readonly OrgUser[],
  present: readonly StoredMatch[],
): MatchResult[] {
  const byId = new Map(theirs.map((user) => [user.id, user]));
  const presentOf = new Map(present.map((match) => [match.userId, match]));
  const taken = new Set(present.map((match) => match.salesforceUserId));
  const found = new Map<string, { by: Key; user: OrgUser }>();
  for (const by of ['username', 'email', 'federation_id'] as const) {
    const index = indexOf(theirs, KEYS[by]);
    for (const user of ours) {
      if (presentOf.has(user.id) || found.has(user.id)) continue;
      const [only, ...others] = (index.get(user.email.toLowerCase()) ?? []).filter(({ id }) => !taken.has(id));
      if (!only || others.length > 0) continue;
      found.set(user.id, { by, user: only });
      taken.add(only.id);
    }
  }
  const indexes = Object.values(KEYS).map((key) => indexOf(theirs, key));
  return ours.map((user) => {
    const match = presentOf.get(user.id);
    if (match) return ofPresent(user, match, byId.get(match.salesforceUserId));
    const hit = found.get(user.id);
    if (hit) return { user, outcome: 'matched', matchedBy: hit.by, candidates: [hit.user] };
    const fitting = [...new Set(indexes.flatMap((index) => index.get(user.email.toLowerCase()) ?? []))];
    const free = fitting.filter(({ id }) => !taken.has(id));
    const outcome = free.length > 0 ? 'ambiguous' : fitting.length > 0 ? 'taken' : 'none';
    return { user, outcome, matchedBy: null, candidates: free.length > 0 ? free : fitting };
  });
}

function ofPresent(user: OurUser, match: StoredMatch, orgUser: OrgUser | undefined): MatchResult {
  return orgUser
    ? { user, outcome: 'kept', matchedBy: match.matchedBy, candidates: [orgUser] }
    : { user, outcome: 'inactive', matchedBy: match.matchedBy, candidates: [] };
}

function indexOf(users: readonly OrgUser[], key: (user: OrgUser) => string | null): Map<string, OrgUser[]> {
  const index = new Map<string, OrgUser[]>();
  for (const user of users) {
    const value = key(user)?.trim().toLowerCase();
    if (value) index.set(value, [...(index.get(value) ?? []), user]);
  }
  return index;
}

/** Why it came out so, a sentence. */
export function reasonOf({ outcome, matchedBy }: MatchResult): string {
  switch (outcome) {
    case 'kept':
      return matchedBy === 'admin' ? 'Chosen by an admin.' : 'Matched before.';
    case 'matched':
      return `The email address here is the ${WORDS[matchedBy ?? 'email']} there.`;
    case 'ambiguous':
      return 'Several Salesforce users fit equally well: choose one.';
    case 'taken':
      return 'The Salesforce user that fits is matched with somebody else.';
    case 'none':
      return 'No active Salesforce user has this email address as username, email or federation id: choose one.';
    case 'inactive':
      return 'The matched Salesforce user is no longer an active standard user: choose another one.';
  }
}

const WORDS: Readonly<Record<MatchedBy, string>> = {
  username: 'username',
  email: 'email address',
  federation_id: 'federation id',
  admin: 'choice of an admin',
};
