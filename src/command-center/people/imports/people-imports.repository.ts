import { Injectable } from '@nestjs/common';
import { type Reader, Transactions, type Tx } from '../../../platform/database/transactions.js';
import type { ImportSource, PeopleImport, RowOutcome } from './people-import.entity.js';

const SELECTED = `team_id AS "teamId", id, owner_id AS "ownerId", source, state, headers, total, mapping, dry_run AS "dryRun",
  shared, position, counts, stopped_because AS "stoppedBecause", created_at AS "createdAt",
  started_at AS "startedAt", finished_at AS "finishedAt"`;

const HOUR = 3_600_000;
const KEPT = 30 * 24 * HOUR;
/** $2, $3: oldBefore. An upload ends with its process; what is read from Salesforce may wait for longer. */
const OLD = `(i.state <> 'running' AND i.created_at < $3
  OR i.state = 'uploading' AND i.source = 'file' AND i.created_at < $2)`;

function oldBefore(now: Date): [Date, Date] {
  return [new Date(now.getTime() - HOUR), new Date(now.getTime() - KEPT)];
}

export interface DoneRow {
  row: number;
  email: string | null;
  recordId: string | null;
  outcome: RowOutcome;
  reason: string | null;
  personId: string | null;
}

/** What rows of files are known by to be about somebody. */
interface Traces {
  /** People whom they became. */
  ids: readonly string[];
  emails: readonly string[];
  /** Leads and contacts, as 18 characters. */
  records: readonly string[];
}

@Injectable()
export class PeopleImports {
  constructor(private readonly transactions: Transactions) {}

  async add(
    reader: Reader,
    teamId: string,
    id: string,
    ownerId: string,
    at: Date,
    source: ImportSource = 'file',
  ): Promise<void> {
    const sql = 'INSERT INTO people_imports (team_id, id, owner_id, created_at, source) VALUES ($1, $2, $3, $4, $5)';
    await reader.query(sql, [teamId, id, ownerId, at, source]);
  }

  async addRows(reader: Reader, teamId: string, id: string, first: number, rows: readonly string[][]): Promise<void> {
    await reader.query(
      `INSERT INTO people_import_rows (team_id, import_id, row, cells)
       SELECT $1, $2, $3 + t.nth - 1, t.cells::jsonb FROM unnest($4::text[]) WITH ORDINALITY AS t (cells, nth)`,
      [teamId, id, first, rows.map((cells) => JSON.stringify(cells))],
    );
  }

  async find(
    reader: Reader,
    teamId: string,
    id: string,
    lock: '' | 'FOR UPDATE' = '',
  ): Promise<PeopleImport | undefined> {
    const sql = `SELECT ${SELECTED} FROM people_imports WHERE team_id = $1 AND id = $2 ${lock}`;
    const [row] = await reader.query<PeopleImport>(sql, [teamId, id]);
    return row;
  }

  async write(reader: Reader, row: PeopleImport): Promise<void> {
    await reader.query(
      `UPDATE people_imports SET state = $3, headers = $4, total = $5, mapping = $6, dry_run = $7, shared = $8,
         position = $9, counts = $10, stopped_because = $11, started_at = $12, finished_at = $13
       WHERE team_id = $1 AND id = $2`,
      [
        ...[row.teamId, row.id, row.state, JSON.stringify(row.headers), row.total, JSON.stringify(row.mapping)],
        ...[row.dryRun, row.shared, row.position, JSON.stringify(row.counts), row.stoppedBecause],
        ...[row.startedAt, row.finishedAt],
      ],
    );
  }

  async remove(reader: Reader, teamId: string, id: string): Promise<void> {
    await reader.query('DELETE FROM people_imports WHERE team_id = $1 AND id = $2', [teamId, id]);
  }

  /** One upload whose process died, or file that nobody needs any more. Whether there was one. */
  async removeOld(tx: Tx, teamId: string, now: Date): Promise<'removed' | 'none'> {
    const rows = await tx.query(
      `DELETE FROM people_imports WHERE team_id = $1 AND id = (
         SELECT i.id FROM people_imports i WHERE i.team_id = $1 AND ${OLD} ORDER BY i.created_at LIMIT 1
       ) RETURNING 1`,
      [teamId, ...oldBefore(now)],
    );
    return rows.length > 0 ? 'removed' : 'none';
  }

  /** The team's oldest that runs; locked. */
  async next(tx: Tx, teamId: string): Promise<PeopleImport | undefined> {
    const [row] = await tx.query<PeopleImport>(
      `SELECT ${SELECTED} FROM people_imports WHERE team_id = $1 AND state = 'running' ORDER BY started_at, id LIMIT 1
       FOR UPDATE`,
      [teamId],
    );
    return row;
  }

  rowsAfter(
    tx: Tx,
    { teamId, id, position }: PeopleImport,
    limit: number,
  ): Promise<{ row: number; cells: string[] }[]> {
    return tx.query(
      `SELECT row, cells FROM people_import_rows WHERE team_id = $1 AND import_id = $2 AND row > $3
       ORDER BY row LIMIT $4`,
      [teamId, id, position, limit],
    );
  }

  /** Which of these addresses an earlier row of the run has: address → that row. */
  async earlier(
    tx: Tx,
    { teamId, id, position }: PeopleImport,
    emails: readonly string[],
  ): Promise<Map<string, number>> {
    const rows = await tx.query<{ email: string; row: number }>(
      `SELECT email, min(row) AS row FROM people_import_rows
       WHERE team_id = $1 AND import_id = $2 AND email = ANY($3::text[]) AND row <= $4 GROUP BY email`,
      [teamId, id, emails, position],
    );
    return new Map(rows.map(({ email, row }) => [email, row]));
  }

  /** In a try: which of these addresses and records would be somebody's by now, because of the rows before. */
  async wouldBeKnown(
    tx: Tx,
    { teamId, id, position }: PeopleImport,
    { emails, records }: Omit<Traces, 'ids'>,
  ): Promise<Set<string>> {
    const rows = await tx.query<{ key: string }>(
      `SELECT email AS key FROM people_import_rows
       WHERE team_id = $1 AND import_id = $2 AND row <= $3 AND email = ANY($4::text[]) AND outcome = 'created'
       UNION SELECT record_id FROM people_import_rows
       WHERE team_id = $1 AND import_id = $2 AND row <= $3 AND record_id = ANY($5::text[])`,
      [teamId, id, position, emails, records],
    );
    return new Set(rows.map(({ key }) => key));
  }

  async report(tx: Tx, { teamId, id }: PeopleImport, rows: readonly DoneRow[]): Promise<void> {
    await tx.query(
      `UPDATE people_import_rows r
       SET email = t.email, record_id = t.record_id, outcome = t.outcome, reason = t.reason, person_id = t.person_id
       FROM unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::text[])
         AS t (row, email, outcome, reason, person_id, record_id)
       WHERE r.team_id = $1 AND r.import_id = $2 AND r.row = t.row`,
      [
        ...[teamId, id, rows.map(({ row }) => row), rows.map(({ email }) => email)],
        ...[rows.map(({ outcome }) => outcome), rows.map(({ reason }) => reason)],
        ...[rows.map(({ personId }) => personId), rows.map(({ recordId }) => recordId)],
      ],
    );
  }

  /** Those that the latest run has done; one more than `limit` when there is one. */
  reported(
    reader: Reader,
    { teamId, id, position }: PeopleImport,
    slice: { outcome: RowOutcome | undefined; after: number; limit: number },
  ): Promise<DoneRow[]> {
    const { outcome, after, limit } = slice;
    const only = outcome === undefined ? '' : 'AND outcome = $6';
    return reader.query(
      `SELECT row, outcome, reason, person_id AS "personId" FROM people_import_rows
       WHERE team_id = $1 AND import_id = $2 AND row > $3 AND row <= $4 ${only} ORDER BY row LIMIT $5`,
      [teamId, id, after, position, limit + 1, ...(outcome === undefined ? [] : [outcome])],
    );
  }

  /** What Salesforce brought and is not done cannot be done any more: its rows that are left go. A try did nothing. */
  async abandonRead(tx: Tx, teamId: string, because: string, at: Date): Promise<void> {
    await tx.query(
      `WITH open AS (
         SELECT id, CASE WHEN dry_run THEN 0 ELSE position END AS done FROM people_imports
         WHERE team_id = $1 AND source = 'salesforce' AND (state <> 'done' OR dry_run)),
       gone AS (
         DELETE FROM people_import_rows r USING open WHERE r.team_id = $1 AND r.import_id = open.id AND r.row > open.done)
       UPDATE people_imports i SET state = 'stopped', stopped_because = $2, finished_at = $3, dry_run = false,
         counts = CASE WHEN dry_run THEN '{}' ELSE counts END, total = open.done, position = open.done,
         started_at = CASE WHEN dry_run THEN NULL ELSE started_at END
       FROM open WHERE i.team_id = $1 AND i.id = open.id`,
      [teamId, because, at],
    );
  }

  /** Waits for the batch that runs; none begins before the transaction ends. */
  async holdAll(tx: Tx, teamId: string): Promise<void> {
    await tx.query('SELECT 1 FROM people_imports WHERE team_id = $1 ORDER BY id FOR UPDATE', [teamId]);
  }

  /**
   * Of every file, the rows that became these people or have one of their addresses or records; they are refused if
   * their turn comes. A record's long id is the same in any letters, its short one is not.
   */
  async emptyRows(tx: Tx, teamId: string, { ids, emails, records }: Traces): Promise<number> {
    const rows = await tx.query(
      `UPDATE people_import_rows SET cells = '[]', email = NULL, record_id = NULL, reason = NULL, person_id = NULL
       WHERE team_id = $1 AND (person_id = ANY($2::uuid[]) OR email = ANY($3::text[]) OR EXISTS (
         SELECT 1 FROM jsonb_array_elements_text(cells) c, regexp_replace(c, '^\\s+|\\s+$', '', 'g') AS text
         WHERE lower(text) = ANY($3::text[] || $4::text[]) OR text = ANY($5::text[]))) RETURNING 1`,
      [teamId, ids, emails, records.map((id) => id.toLowerCase()), records.map((id) => id.slice(0, 15))],
    );
    return rows.length;
  }

  /** Teams with an import that runs or a file that is to go. */
  async waitingTeams(now: Date, limit: number): Promise<string[]> {
    const rows = await this.transactions.query<{ id: string }>(
      `SELECT i.team_id AS id FROM people_imports i JOIN teams t ON t.id = i.team_id AND t.deleted_at IS NULL
       WHERE i.state = 'running' OR ${OLD}
       GROUP BY i.team_id ORDER BY bool_or(i.state = 'running') DESC, min(i.created_at) LIMIT $1`,
      [limit, ...oldBefore(now)],
    );
    return rows.map(({ id }) => id);
  }

  async backlog(): Promise<{ due: number; oldest: Date | null }> {
    const [row] = await this.transactions.query<{ due: string; oldest: Date | null }>(
      `SELECT count(*) AS due, min(started_at) AS oldest FROM people_imports WHERE state = 'running'`,
    );
    return { due: Number(row?.due ?? 0), oldest: row?.oldest ?? null };
  }
}
