import { Injectable } from '@nestjs/common';
import { escapeLike, Parameters } from '../../platform/database/parameters.js';
import type { Reader } from '../../platform/database/transactions.js';
import { attachmentsSql, type AttachmentTable } from '../files/attachment-rows.js';
import type { Attachment } from '../files/attachments.js';
import type { Viewer } from '../people/person-access.js';
import { type TemplateStanding, visibleSql } from './template-access.js';
import type { TemplateList } from './templates.dto.js';

export interface TemplateRow extends TemplateStanding {
  id: string;
  name: string;
  category: string | null;
  subject: string;
  commercial: boolean;
  ownerName: string | null;
  favourite: boolean;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  /** What templates are sorted by. */
  sortKey: string;
}

export interface WholeTemplateRow extends TemplateRow {
  body: string;
  attachments: readonly Attachment[];
}

export interface TemplateFilter {
  list: TemplateList;
  category: string | undefined;
  q: string | undefined;
  /** Sort key and id of the last template shown. */
  after: readonly [string, string] | null;
  limit: number;
}

export const TEMPLATE_ATTACHMENTS: AttachmentTable = { name: 'template_attachments', holder: 'template_id' };

// As the index has it: the same order on every server, whatever its language.
const SORT_KEY = 'lower(t.name) COLLATE "C"';
const COLUMNS = `t.id, t.name, t.category, t.subject, t.shared, t.commercial, t.locked, t.owner_id AS "ownerId",
  (SELECT u.name FROM users u WHERE u.team_id = t.team_id AND u.id = t.owner_id) AS "ownerName",
  t.version, t.created_at AS "createdAt", t.updated_at AS "updatedAt", ${SORT_KEY} AS "sortKey"`;

/** Reads templates as their viewers may see them. */
@Injectable()
export class TemplateQueries {
  /** By name; one more than `limit` when there is one. */
  page(reader: Reader, viewer: Viewer, { list, category, q, after, limit }: TemplateFilter): Promise<TemplateRow[]> {
    const parameters = new Parameters();
    const team = parameters.add(viewer.teamId);
    const user = `${parameters.add(viewer.userId)}::uuid`;
    const conditions = [`t.team_id = ${team}`, 't.deleted_at IS NULL', visibleSql(viewer, user)];
    if (list === 'mine') conditions.push(`t.owner_id = ${user}`);
    if (list === 'shared') conditions.push('t.shared');
    if (list === 'favourites') conditions.push(favouriteSql(user));
    if (category !== undefined) conditions.push(`t.category = ${parameters.add(category)}`);
    if (q !== undefined) {
      const pattern = parameters.add(`%${escapeLike(q)}%`);
      conditions.push(`(lower(t.name) LIKE lower(${pattern}) OR lower(t.subject) LIKE lower(${pattern}))`);
    }
    if (after) {
      conditions.push(`(${SORT_KEY}, t.id) > (${parameters.add(after[0])}, ${parameters.add(after[1])}::uuid)`);
    }
    const sql = `SELECT ${COLUMNS}, ${favouriteSql(user)} AS favourite FROM templates t
      WHERE ${conditions.join(' AND ')} ORDER BY ${SORT_KEY}, t.id LIMIT ${parameters.add(limit + 1)}`;
    return reader.query<TemplateRow>(sql, parameters.values);
  }

  async byId(reader: Reader, viewer: Viewer, id: string): Promise<WholeTemplateRow | undefined> {
    const [row] = await reader.query<WholeTemplateRow>(
      `SELECT ${COLUMNS}, t.body, ${favouriteSql('$3::uuid')} AS favourite,
         ${attachmentsSql(TEMPLATE_ATTACHMENTS, 't')} AS attachments FROM templates t
       WHERE t.team_id = $1 AND t.id = $2 AND t.deleted_at IS NULL`,
      [viewer.teamId, id, viewer.userId],
    );
    return row;
  }

  async visibleAmong(reader: Reader, viewer: Viewer, ids: readonly string[]): Promise<Set<string>> {
    const rows = await reader.query<{ id: string }>(
      `SELECT t.id FROM templates t WHERE t.team_id = $1 AND t.id = ANY($2::uuid[]) AND t.deleted_at IS NULL
         AND ($3 OR t.shared OR t.owner_id = $4::uuid)`,
      [viewer.teamId, ids, viewer.role === 'admin', viewer.userId],
    );
    return new Set(rows.map(({ id }) => id));
  }

  categories(reader: Reader, viewer: Viewer): Promise<{ name: string; templates: number }[]> {
    const parameters = new Parameters();
    const team = parameters.add(viewer.teamId);
    const visible = viewer.role === 'admin' ? 'true' : visibleSql(viewer, `${parameters.add(viewer.userId)}::uuid`);
    return reader.query(
      `SELECT t.category AS name, count(*)::int AS templates FROM templates t
       WHERE t.team_id = ${team} AND t.deleted_at IS NULL AND t.category IS NOT NULL AND ${visible}
       GROUP BY t.category ORDER BY lower(t.category) COLLATE "C", t.category COLLATE "C"`,
      parameters.values,
    );
  }
}

function favouriteSql(user: string): string {
  return `EXISTS (SELECT 1 FROM template_favourites f
    WHERE f.team_id = t.team_id AND f.user_id = ${user} AND f.template_id = t.id)`;
}
