import type { Viewer } from '../people/person-access.js';

export interface TemplateStanding {
  ownerId: string | null;
  shared: boolean;
  locked: boolean;
}

/** What a viewer may do with a template, least first. `locked`: it is theirs, and an admin has locked it. */
export type TemplateAccess = 'none' | 'read' | 'locked' | 'edit';

export function templateAccess(viewer: Viewer, { ownerId, shared, locked }: TemplateStanding): TemplateAccess {
  if (viewer.role === 'admin') return 'edit';
  if (ownerId !== null && ownerId === viewer.userId) return locked ? 'locked' : 'edit';
  return shared ? 'read' : 'none';
}

/** The same for lists: which rows of `templates t` this viewer reads. */
export function visibleSql(viewer: Viewer, user: string): string {
  return viewer.role === 'admin' ? 'true' : `(t.shared OR t.owner_id = ${user})`;
}
