import { Injectable } from '@nestjs/common';
import { type Reader, Transactions, type Tx } from '../../platform/database/transactions.js';
import type { PeopleRead } from './people-read.entity.js';

const SELECTED = `team_id AS "teamId", import_id AS "importId", connection_id AS "connectionId", queries, nth,
  after_id AS "afterId", tries, created_at AS "createdAt"`;

@Injectable()
export class PeopleReads {
  constructor(private readonly transactions: Transactions) {}

  /** Who leaves the org waits until the transaction ends, and finds what it has added. */
  async holdOrg(tx: Tx, connectionId: string): Promise<'held' | 'left'> {
    const rows = await tx.query('SELECT 1 FROM salesforce_connections WHERE id = $1 FOR KEY SHARE', [connectionId]);
    return rows.length > 0 ? 'held' : 'left';
  }

  async add(tx: Tx, read: Omit<PeopleRead, 'nth' | 'afterId' | 'tries'>): Promise<void> {
    const { teamId, importId, connectionId, queries, createdAt } = read;
    await tx.query(
      `INSERT INTO salesforce_people_reads (team_id, import_id, connection_id, queries, created_at)
       VALUES ($1, $2, $3, $4, $5)`,
      [teamId, importId, connectionId, JSON.stringify(queries), createdAt],
    );
  }

  /** The oldest of this org. */
  async next(reader: Reader, connectionId: string): Promise<PeopleRead | undefined> {
    const [row] = await reader.query<PeopleRead>(
      `SELECT ${SELECTED} FROM salesforce_people_reads WHERE connection_id = $1 ORDER BY created_at, import_id LIMIT 1`,
      [connectionId],
    );
    return row;
  }

  async move(tx: Tx, { teamId, importId }: PeopleRead, to: { nth: number; afterId: string | null }): Promise<void> {
    await tx.query(
      'UPDATE salesforce_people_reads SET nth = $3, after_id = $4, tries = 0 WHERE team_id = $1 AND import_id = $2',
      [teamId, importId, to.nth, to.afterId],
    );
  }

  /** How often its page has failed in a row by now. */
  async failed(tx: Tx, { teamId, importId }: PeopleRead): Promise<number> {
    const [row] = await tx.query<{ tries: number }>(
      'UPDATE salesforce_people_reads SET tries = tries + 1 WHERE team_id = $1 AND import_id = $2 RETURNING tries',
      [teamId, importId],
    );
    return row?.tries ?? 0;
  }

  async remove(tx: Tx, { teamId, importId }: PeopleRead): Promise<void> {
    await tx.query('DELETE FROM salesforce_people_reads WHERE team_id = $1 AND import_id = $2', [teamId, importId]);
  }

  async connections(limit: number): Promise<string[]> {
    const rows = await this.transactions.query<{ id: string }>(
      'SELECT DISTINCT connection_id AS id FROM salesforce_people_reads LIMIT $1',
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  async backlog(): Promise<{ due: number; oldest: Date | null }> {
    const [row] = await this.transactions.query<{ due: string; oldest: Date | null }>(
      'SELECT count(*) AS due, min(created_at) AS oldest FROM salesforce_people_reads',
    );
    return { due: Number(row?.due ?? 0), oldest: row?.oldest ?? null };
  }
}
