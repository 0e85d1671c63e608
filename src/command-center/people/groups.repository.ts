import { Injectable } from '@nestjs/common';
import { violatedConstraint, type Reader, type Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import type { Viewer } from './person-access.js';

export interface GroupRow {
  id: string;
  name: string;
  ownerId: string;
  shared: boolean;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  sortKey: string;
}

const SORT_KEY = 'lower(g.name) COLLATE "C"';
const COLUMNS = `g.id, g.name, g.owner_id AS "ownerId", g.shared, g.version, g.created_at AS "createdAt",
  g.updated_at AS "updatedAt", ${SORT_KEY} AS "sortKey"`;
/** Whether a viewer ($2: their id, $3: whether they are an admin) sees a group. */
const SEEN = '($3::boolean OR g.shared OR g.owner_id = $2::uuid)';

/**
 * SQL: the name of a group `r` that its owner ($2) leaves to $3. Where the heir has one of that name, it says whose it
 * was; the end of its id keeps it apart from one that came so before.
 */
export const NAME_FOR_HEIR = `name = CASE WHEN EXISTS (SELECT 1 FROM groups twin
    WHERE twin.team_id = r.team_id AND twin.owner_id = $3 AND lower(twin.name) = lower(r.name))
  THEN left(r.name, 50) || ' (of ' || (SELECT left(u.name, 30) FROM users u WHERE u.team_id = r.team_id AND u.id = $2)
    || ', ' || right(r.id::text, 4) || ')' ELSE r.name END`;

const viewerValues = (viewer: Viewer) => [viewer.teamId, viewer.userId, viewer.role === 'admin'];

@Injectable()
export class Groups {
  /** By name; one more than `limit` when there is one. */
  page(reader: Reader, viewer: Viewer, after: readonly [string, string] | null, limit: number): Promise<GroupRow[]> {
    return reader.query(
      `SELECT ${COLUMNS} FROM groups g WHERE g.team_id = $1 AND ${SEEN}
         AND ($4::text IS NULL OR (${SORT_KEY}, g.id) > ($4, $5::uuid))
       ORDER BY ${SORT_KEY}, g.id LIMIT $6`,
      [...viewerValues(viewer), after?.[0] ?? null, after?.[1] ?? null, limit + 1],
    );
  }

  async seen(reader: Reader, viewer: Viewer, id: string): Promise<GroupRow | undefined> {
    const sql = `SELECT ${COLUMNS} FROM groups g WHERE g.team_id = $1 AND ${SEEN} AND g.id = $4`;
    const [row] = await reader.query<GroupRow>(sql, [...viewerValues(viewer), id]);
    return row;
  }

  /** Waits for whoever else changes this group, or what is in it. */
  async lock(tx: Tx, teamId: string, id: string): Promise<void> {
    await tx.query('SELECT 1 FROM groups WHERE team_id = $1 AND id = $2 FOR UPDATE', [teamId, id]);
  }

  async add(tx: Tx, teamId: string, row: Omit<GroupRow, 'sortKey' | 'updatedAt' | 'version'>): Promise<void> {
    await refusingTwins(() =>
      tx.query(
        `INSERT INTO groups (team_id, id, name, owner_id, shared, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6)`,
        [teamId, row.id, row.name, row.ownerId, row.shared, row.createdAt],
      ),
    );
  }

  async write(tx: Tx, teamId: string, { id, name, ownerId, shared }: GroupRow, at: Date): Promise<void> {
    await refusingTwins(() =>
      tx.query(
        `UPDATE groups SET name = $3, owner_id = $4, shared = $5, updated_at = $6, version = version + 1
         WHERE team_id = $1 AND id = $2`,
        [teamId, id, name, ownerId, shared, at],
      ),
    );
  }

  async remove(tx: Tx, teamId: string, id: string): Promise<void> {
    await tx.query('DELETE FROM groups WHERE team_id = $1 AND id = $2', [teamId, id]);
  }

  async sizes(reader: Reader, teamId: string, ids: readonly string[]): Promise<Map<string, number>> {
    if (ids.length === 0) return new Map();
    const rows = await reader.query<{ id: string; size: number }>(
      `SELECT group_id AS id, count(*)::int AS size FROM group_members
       WHERE team_id = $1 AND group_id = ANY($2::uuid[]) GROUP BY group_id`,
      [teamId, ids],
    );
    return new Map(rows.map(({ id, size }) => [id, size]));
  }

  /** How many were not in it before. */
  async addMembers(tx: Tx, teamId: string, id: string, personIds: readonly string[], at: Date): Promise<number> {
    const rows = await tx.query(
      `INSERT INTO group_members (team_id, group_id, person_id, added_at)
       SELECT $1, $2, p.id, $4 FROM unnest($3::uuid[]) AS p (id) ON CONFLICT DO NOTHING RETURNING 1`,
      [teamId, id, personIds, at],
    );
    return rows.length;
  }

  async removeMembers(tx: Tx, teamId: string, id: string, personIds: readonly string[]): Promise<number> {
    const rows = await tx.query(
      'DELETE FROM group_members WHERE team_id = $1 AND group_id = $2 AND person_id = ANY($3::uuid[]) RETURNING 1',
      [teamId, id, personIds],
    );
    return rows.length;
  }
}

async function refusingTwins(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (violatedConstraint(error) !== 'uq_groups_name') throw error;
    throw new ProductError('conflict', 'Its owner has a group with this name already.', [
      { field: 'name', message: 'is taken' },
    ]);
  }
}
