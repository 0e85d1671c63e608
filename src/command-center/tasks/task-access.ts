import { isPersonOpenSql, isPersonOpenTo, type PersonStanding, type Viewer } from '../people/person-access.js';
import type { Parameters } from '../../platform/database/parameters.js';

/** What a viewer may do with a task. */
export type TaskAccess = 'none' | 'read' | 'edit';

/**
 * A member works on what is theirs and on what belongs to a person shared with the team; tasks of a person they own
 * they see. `null`: no person, or a deleted one.
 */
export function taskAccess(viewer: Viewer, task: { assigneeId: string }, person: PersonStanding | null): TaskAccess {
  if (viewer.role === 'admin' || task.assigneeId === viewer.userId || person?.shared) return 'edit';
  return person && isPersonOpenTo(viewer, person) ? 'read' : 'none';
}

/** Whose tasks a list shows: one user's, or those of all that the viewer may see. */
export type AssigneeFilter = { assigneeId: string } | 'any';

/**
 * A part of what a viewer may see, as SQL about `tasks t`. Each part reads an index of its own in order; one OR over
 * all of them could read none.
 */
export interface VisiblePart {
  join: string;
  conditions: string[];
}

/** The rule of `taskAccess` (read) in SQL. */
export function visibleParts(viewer: Viewer, assignee: AssigneeFilter, parameters: Parameters): VisiblePart[] {
  const given = assignee === 'any' ? [] : [`t.assignee_id = ${parameters.add(assignee.assigneeId)}`];
  if (viewer.role === 'admin') return [{ join: '', conditions: given }];
  if (assignee !== 'any' && assignee.assigneeId === viewer.userId) return [{ join: '', conditions: given }];
  const me = parameters.add(viewer.userId);
  const others: VisiblePart = {
    join: 'JOIN people vp ON vp.team_id = t.team_id AND vp.id = t.person_id',
    conditions: [...given, `t.assignee_id <> ${me}`, isPersonOpenSql('vp', me)],
  };
  return assignee === 'any' ? [{ join: '', conditions: [`t.assignee_id = ${me}`] }, others] : [others];
}
