import { ofPerson } from '../people/timeline/own-sources.js';
import type { TimelineSource } from '../people/timeline/timeline-sources.js';

/**
 * Emails but drafts and deleted ones. That a colleague wrote to somebody helps whoever is about to; what they wrote is
 * theirs, and the admins'.
 */
export const EMAILS_ON_TIMELINE: TimelineSource = {
  kind: 'email',
  scope: 'emails:read',
  sql: (about, parameters) => {
    const { role, userId } = about.viewer;
    const own = role === 'admin' ? 'true' : `e.user_id IS NOT DISTINCT FROM ${parameters.add(userId)}::uuid`;
    return `
      SELECT e.id,
        CASE e.state WHEN 'archived' THEN 'delivered' WHEN 'uncertain' THEN 'failed' ELSE e.state END AS what,
        CASE WHEN e.state = 'scheduled' THEN e.send_at ELSE coalesce(e.sent_at, e.state_at) END AS at,
        'user:' || e.user_id AS actor, e.kind AS type, CASE WHEN ${own} THEN e.subject END AS text,
        CASE WHEN ${own} AND e.folder IN ('failed', 'bounced', 'spam') THEN coalesce(e.reason_detail, replace(e.reason, '_', ' ')) END AS detail
      FROM emails e WHERE ${ofPerson(about, parameters, 'e')} AND e.state NOT IN ('draft', 'deleted')`;
  },
};
