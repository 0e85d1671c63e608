import { Injectable } from '@nestjs/common';
import { type Reader, Transactions, type Tx } from '../../platform/database/transactions.js';
import type { LaneLease } from '../../platform/pipelines/lane-lease.js';
import type { PipelineHandler, SliceResult } from '../../platform/pipelines/pipeline.js';
import { Pipelines } from '../../platform/pipelines/pipelines.js';

export const FOLDER_COUNTS = 'email-folder-counts';
const AT_ONCE = 5_000;
/** Fewer are left to be summed up by whoever reads. */
const WORTH_IT = 100;

export interface WrongCount {
  teamId: string;
  userId: string;
  folder: string;
  counted: number;
  real: number;
}

/**
 * Folds what transactions appended about their folders into one row for each. A team is a lane: its counts have one
 * writer, and a reader sums what is folded and what is not in one statement, which is exact at any moment.
 */
@Injectable()
export class FolderCounts implements PipelineHandler {
  constructor(
    private readonly transactions: Transactions,
    pipelines: Pipelines,
  ) {
    pipelines.register(FOLDER_COUNTS, this);
  }

  async dueLanes(_now: Date, limit: number): Promise<string[]> {
    const rows = await this.transactions.query<{ team: string }>(
      `SELECT c.team_id AS team FROM (
         WITH RECURSIVE teams AS (
           (SELECT team_id FROM email_folder_changes ORDER BY team_id LIMIT 1)
           UNION ALL
           SELECT (SELECT c.team_id FROM email_folder_changes c WHERE c.team_id > t.team_id ORDER BY c.team_id LIMIT 1)
           FROM teams t WHERE t.team_id IS NOT NULL
         ) SELECT team_id FROM teams WHERE team_id IS NOT NULL) c
       JOIN teams t ON t.id = c.team_id AND t.deleted_at IS NULL
       WHERE (SELECT count(*) FROM (
         SELECT 1 FROM email_folder_changes x WHERE x.team_id = c.team_id LIMIT $1) few) >= $1 LIMIT $2`,
      [WORTH_IT, limit],
    );
    return rows.map(({ team }) => team);
  }

  async slice(lease: LaneLease): Promise<SliceResult> {
    return this.transactions.run(async (tx) => {
      await lease.check(tx);
      const lives = await tx.query('SELECT 1 FROM teams WHERE id = $1 AND deleted_at IS NULL', [lease.lane]);
      if (lives.length === 0) return { kind: 'gone' };
      return { kind: (await this.fold(tx, lease.lane)) < AT_ONCE ? 'idle' : 'worked' };
    });
  }

  /** Counts that differ from what the folders hold. There are none, unless somebody wrote past the one writer. */
  async verify(reader: Reader): Promise<WrongCount[]> {
    return reader.query<WrongCount>(
      `WITH counted AS (
         SELECT team_id, user_id, folder, sum(emails)::int AS n FROM (
           SELECT team_id, user_id, folder, emails FROM email_folder_counts
           UNION ALL SELECT team_id, user_id, folder, emails FROM email_folder_changes) c
         GROUP BY team_id, user_id, folder
       ), real AS (
         SELECT team_id, user_id, folder, count(*)::int AS n FROM emails
         WHERE folder IS NOT NULL GROUP BY team_id, user_id, folder
       )
       SELECT team_id AS "teamId", user_id AS "userId", folder, coalesce(c.n, 0) AS counted, coalesce(r.n, 0) AS real
       FROM counted c FULL JOIN real r USING (team_id, user_id, folder)
       WHERE coalesce(c.n, 0) <> coalesce(r.n, 0) ORDER BY 1, 2, 3`,
    );
  }

  private async fold(tx: Tx, teamId: string): Promise<number> {
    const rows = await tx.query<{ folded: number }>(
      `WITH gone AS (
         DELETE FROM email_folder_changes c USING (
           SELECT user_id, id FROM email_folder_changes WHERE team_id = $1 ORDER BY user_id, id LIMIT $2) first
         WHERE c.team_id = $1 AND c.user_id = first.user_id AND c.id = first.id
         RETURNING c.user_id, c.folder, c.emails
       ), kept AS (
         INSERT INTO email_folder_counts AS n (team_id, user_id, folder, emails)
         SELECT $1, user_id, folder, sum(emails) FROM gone GROUP BY user_id, folder
         ON CONFLICT (team_id, user_id, folder) DO UPDATE SET emails = n.emails + excluded.emails
       )
       SELECT count(*)::int AS folded FROM gone`,
      [teamId, AT_ONCE],
    );
    return rows[0]?.folded ?? 0;
  }
}
