import { Injectable } from '@nestjs/common';
import { momentKey, TaskHistory } from '../../command-center/tasks/task-history.repository.js';
import { type Reader, Transactions } from '../../platform/database/transactions.js';
import type { Conflict } from '../task-sync/conflicts.repository.js';
import { conflictView, restoredView } from './conflict-view.js';
import type { ConflictDto, RestoredConflictDto } from './diagnostics.dto.js';
import type { Restoration } from './restore-conflict.service.js';
import { type Names, SyncNames } from './sync-names.js';

/** Puts names to conflicts: who changed it here and there, and what the values are called. */
@Injectable()
export class ConflictExplainer {
  constructor(
    private readonly history: TaskHistory,
    private readonly names: SyncNames,
    private readonly transactions: Transactions,
  ) {}

  async views(teamId: string, rows: readonly Conflict[]): Promise<ConflictDto[]> {
    const authors = await this.authors(teamId, rows);
    const names = await this.namesOf(teamId, rows, [...authors.values()]);
    return rows.map((row) => conflictView(row, authors.get(row.id) ?? null, names));
  }

  async restoredView(teamId: string, restoration: Restoration): Promise<RestoredConflictDto> {
    const { conflict, replaced } = restoration;
    const authors = await this.authors(teamId, [conflict]);
    const more = [{ field: conflict.field, value: replaced }];
    const names = await this.namesOf(teamId, [conflict], [...authors.values()], more);
    return restoredView(restoration, authors.get(conflict.id) ?? null, names);
  }

  /** Who made each conflict's change here, by the conflict's id. */
  private async authors(
    teamId: string,
    rows: readonly Conflict[],
    reader: Reader = this.transactions,
  ): Promise<Map<string, string | null>> {
    const moments = rows.flatMap(({ id, taskId, hereChangedAt: at }) => (at ? [{ id, taskId, at }] : []));
    const found = await this.history.authorsAt(reader, teamId, moments);
    return new Map(moments.map((moment) => [moment.id, found.get(momentKey(moment)) ?? null]));
  }

  private namesOf(
    teamId: string,
    rows: readonly Conflict[],
    actors: readonly (string | null)[],
    more: readonly { field: string; value: string | null }[] = [],
  ): Promise<Names> {
    const values = rows.flatMap(({ field, base, here, there }) =>
      [base, here, there].map((value) => ({ field, value })),
    );
    const all = [...actors, ...rows.flatMap((row) => [row.thereActor, row.restoredBy])];
    return this.names.load(teamId, [...values, ...more], all);
  }
}
