import type { Principal } from '../../accounts/access.js';

export type Viewer = Pick<Principal, 'teamId' | 'userId' | 'role'>;

export interface PersonStanding {
  ownerId: string | null;
  shared: boolean;
}

/** What a viewer may do with a person, least first. */
export type PersonAccess = 'none' | 'read' | 'edit' | 'own';

/** Seen for their own sake: shared with the team, or owned. `isPersonOpenSql` says the same in SQL. */
export function isPersonOpenTo(viewer: Viewer, person: PersonStanding): boolean {
  return viewer.role === 'admin' || person.shared || person.ownerId === viewer.userId;
}

export function isPersonOpenSql(person: string, user: string): string {
  return `(${person}.shared OR ${person}.owner_id = ${user}) AND ${person}.deleted_at IS NULL`;
}

/**
 * A person with nobody for an owner (as the sync makes them) is edited by whoever sees them; somebody else's private
 * one is only looked at. `involved`: the viewer has something to do with the person, a task say.
 */
export function personAccess(viewer: Viewer, person: PersonStanding, involved: 'involved' | 'not'): PersonAccess {
  if (viewer.role === 'admin' || person.ownerId === viewer.userId) return 'own';
  if (person.shared) return 'edit';
  if (involved === 'not') return 'none';
  return person.ownerId === null ? 'edit' : 'read';
}
