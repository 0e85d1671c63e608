import type { Parameters } from '../../../platform/database/parameters.js';
import type { TimelineAbout, TimelineSource } from './timeline-sources.js';

/** What people themselves keep: notes, unsubscribes, authorizations. */
export const OWN_SOURCES: readonly TimelineSource[] = [
  {
    kind: 'note',
    scope: 'people:read',
    sql: (about, parameters) => `
      SELECT id, 'written' AS what, created_at AS at, author AS actor, NULL::text AS type, text, NULL::text AS detail
      FROM person_notes WHERE ${ofPerson(about, parameters)}`,
  },
  {
    kind: 'unsubscribe',
    scope: 'people:read',
    sql: (about, parameters) => `
      SELECT id, what, at, actor, source AS type, reason AS text, NULL::text AS detail
      FROM person_unsubscribes WHERE ${ofPerson(about, parameters)}`,
  },
  {
    kind: 'authorization',
    scope: 'people:read',
    sql: (about, parameters) => `
      SELECT id, CASE WHEN type IS NULL THEN 'withdrawn' ELSE 'stated' END AS what, at, actor, type, purpose AS text,
        source AS detail
      FROM person_authorizations WHERE ${ofPerson(about, parameters)}`,
  },
];

/** Of the person, in the viewer's team: every source begins with it. */
export function ofPerson({ viewer, personId }: TimelineAbout, parameters: Parameters, alias = ''): string {
  const of = alias === '' ? '' : `${alias}.`;
  return `${of}team_id = ${parameters.add(viewer.teamId)}::uuid AND ${of}person_id = ${parameters.add(personId)}::uuid`;
}
