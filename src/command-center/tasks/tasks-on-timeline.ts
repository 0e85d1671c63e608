import { ofPerson } from '../people/timeline/own-sources.js';
import type { TimelineSource } from '../people/timeline/timeline-sources.js';

/** Tasks as `taskAccess` shows them: one's own, and all of a person who is open to the viewer. */
export const TASKS_ON_TIMELINE: TimelineSource = {
  kind: 'task',
  scope: 'tasks:read',
  sql: (about, parameters) => `
    SELECT t.id, t.status AS what, coalesce(t.closed_at, t.created_at) AS at, 'user:' || t.assignee_id AS actor,
      t.type, t.name AS text, t.call_outcome AS detail
    FROM tasks t WHERE ${ofPerson(about, parameters, 't')} AND t.deleted_at IS NULL AND t.away_since IS NULL
      ${about.isOpen ? '' : `AND t.assignee_id = ${parameters.add(about.viewer.userId)}::uuid`}`,
};
