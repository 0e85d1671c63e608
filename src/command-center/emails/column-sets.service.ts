import { Injectable } from '@nestjs/common';
import { type Principal, requireUser } from '../../accounts/access.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { ColumnSets, ColumnSetView, ReplaceColumnSet } from './column-sets.dto.js';
import { type ColumnSet, usualColumns } from './email-columns.js';
import { EMAIL_FOLDERS, type EmailFolder } from './email-state.js';

interface SavedSet extends ColumnSet {
  folder: EmailFolder;
}

/** How each user has the lists of their folders. */
@Injectable()
export class ColumnSetsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  async list(principal: Principal): Promise<ColumnSets> {
    const saved = await this.transactions.query<SavedSet>(
      `SELECT folder, columns, sort, rows_per_page AS "rowsPerPage", roll_up AS "rollUp" FROM email_column_sets
       WHERE team_id = $1 AND user_id = $2`,
      [principal.teamId, requireUser(principal)],
    );
    const byFolder = new Map(saved.map((set) => [set.folder, set]));
    return { data: EMAIL_FOLDERS.map((folder) => viewOf(folder, byFolder.get(folder))) };
  }

  /** The whole set of that folder; who saves last has it. */
  async replace(principal: Principal, folder: EmailFolder, input: ReplaceColumnSet): Promise<ColumnSetView> {
    const { columns, sort, rows_per_page: rowsPerPage, roll_up: rollUp } = input;
    await this.transactions.query(
      `INSERT INTO email_column_sets (team_id, user_id, folder, columns, sort, rows_per_page, roll_up, updated_at)
       VALUES ($1, $2, $3, $4::text[], $5, $6, $7, $8)
       ON CONFLICT (team_id, user_id, folder) DO UPDATE SET columns = excluded.columns, sort = excluded.sort,
         rows_per_page = excluded.rows_per_page, roll_up = excluded.roll_up, updated_at = excluded.updated_at`,
      [principal.teamId, requireUser(principal), folder, columns, sort, rowsPerPage, rollUp, this.clock.now()],
    );
    return viewOf(folder, { columns, sort, rowsPerPage, rollUp });
  }

  /** As it is for everybody. */
  async reset(principal: Principal, folder: EmailFolder): Promise<ColumnSetView> {
    await this.transactions.query('DELETE FROM email_column_sets WHERE team_id = $1 AND user_id = $2 AND folder = $3', [
      principal.teamId,
      requireUser(principal),
      folder,
    ]);
    return viewOf(folder, undefined);
  }
}

function viewOf(folder: EmailFolder, saved: ColumnSet | undefined): ColumnSetView {
  const { columns, sort, rowsPerPage, rollUp } = saved ?? usualColumns(folder);
  return { folder, columns, sort, rows_per_page: rowsPerPage, roll_up: rollUp, saved: saved !== undefined };
}
