// Imports people from uploaded rows. Invariants:
//
//   1. A batch, its report and the position after it are one transaction, which begins with lease.check: whoever is
//      killed leaves whole batches, and the next one goes on from there. No row is done twice.
//   2. What the importer may not do by hand no row does: their role and standing are looked up for each batch.
//   3. A person is met by address. Two rows of one file with the same address: the second is refused.

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../../platform/database/transactions.js';
import type { LaneLease } from '../../../platform/pipelines/lane-lease.js';
import type { Backlog, PipelineHandler, SliceResult } from '../../../platform/pipelines/pipeline.js';
import { Pipelines } from '../../../platform/pipelines/pipelines.js';
import type { Viewer } from '../person-access.js';
import { type OptOut, readRow } from './import-mapping.js';
import type { PeopleImport, RowOutcome } from './people-import.entity.js';
import { type Wanted, PeopleUpserts } from './people-upserts.js';
import { type DoneRow, PeopleImports } from './people-imports.repository.js';
import { PEOPLE_IMPORT } from './people-imports.service.js';

const BATCH = 500;

@Injectable()
export class PeopleImportPipeline implements PipelineHandler, OnModuleInit {
  constructor(
    private readonly pipelines: Pipelines,
    private readonly imports: PeopleImports,
    private readonly upserts: PeopleUpserts,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.pipelines.register(PEOPLE_IMPORT, this);
  }

  dueLanes(now: Date, limit: number): Promise<string[]> {
    return this.imports.waitingTeams(now, limit);
  }

  async backlog(): Promise<Backlog[]> {
    return [{ work: 'people import', ...(await this.imports.backlog()) }];
  }

  async slice(lease: LaneLease): Promise<SliceResult> {
    return this.transactions.run(async (tx) => {
      await lease.check(tx);
      const lives = await tx.query('SELECT 1 FROM teams WHERE id = $1 AND deleted_at IS NULL', [lease.lane]);
      if (lives.length === 0) return { kind: 'gone' };
      const row = await this.imports.next(tx, lease.lane);
      if (!row) {
        const old = await this.imports.removeOld(tx, lease.lane, this.clock.now());
        return { kind: old === 'removed' ? 'worked' : 'idle' };
      }
      await this.imports.write(tx, await this.step(tx, row));
      return { kind: 'worked' };
    });
  }

  private async step(tx: Tx, row: PeopleImport): Promise<PeopleImport> {
    const finishedAt = this.clock.now();
    const viewer = await viewerOf(tx, row);
    if (!viewer) {
      return { ...row, state: 'stopped', stoppedBecause: 'Who uploaded the file has left the team.', finishedAt };
    }
    const rows = await this.imports.rowsAfter(tx, row, BATCH);
    const last = rows.at(-1);
    if (!last) return { ...row, state: 'done', finishedAt };
    const done = await this.batch(tx, row, viewer, rows);
    await this.imports.report(tx, row, done);
    return { ...row, position: last.row, counts: counted(row.counts, done) };
  }

  private async batch(
    tx: Tx,
    { headers, mapping, ...row }: PeopleImport,
    viewer: Viewer & { userId: string },
    rows: readonly { row: number; cells: string[] }[],
  ): Promise<DoneRow[]> {
    const read = rows.map(({ row: nth, cells }) => ({ nth, read: readRow(headers, mapping, cells) }));
    const emails = read.flatMap(({ read: one }) => ('refused' in one || !one.values.email ? [] : [one.values.email]));
    const taken = await this.imports.earlier(tx, { ...row, headers, mapping }, emails);
    const refused: DoneRow[] = [];
    const optOuts: (OptOut & { row: number })[] = [];
    const wanted: Wanted[] = [];
    const refuse = (nth: number, reason: string, optOut: OptOut | null) => {
      refused.push({ row: nth, email: null, recordId: null, outcome: 'refused', reason, personId: null });
      if (optOut) optOuts.push({ row: nth, ...optOut });
    };
    for (const { nth, read: one } of read) {
      if ('refused' in one) {
        refuse(nth, one.refused, one.optOut);
        continue;
      }
      const email = one.values.email ?? null;
      const before = email === null ? undefined : taken.get(email);
      // A lead and a contact with one address are one person with two records.
      if (before !== undefined && one.record === null) {
        refuse(nth, `row ${before} has this address already`, one.unsubscribed ? { email, record: null } : null);
        continue;
      }
      if (email !== null) taken.set(email, nth);
      wanted.push({ row: nth, email, ...one });
    }
    const records = wanted.flatMap(({ record }) => record?.id ?? []);
    const met = row.dryRun
      ? await this.imports.wouldBeKnown(tx, { ...row, headers, mapping }, { emails, records })
      : [];
    const mode = { shared: row.shared, dryRun: row.dryRun, fromSalesforce: row.source === 'salesforce', met };
    const done = await this.upserts.apply(tx, viewer, wanted, mode);
    // After those who were made just now.
    if (mode.fromSalesforce && !mode.dryRun) await this.upserts.unsubscribeKnown(tx, viewer, optOuts);
    return [...refused, ...done];
  }
}

/** As they are now: an admin may be none any more. */
async function viewerOf(tx: Tx, { teamId, ownerId }: PeopleImport): Promise<(Viewer & { userId: string }) | undefined> {
  const [user] = await tx.query<{ role: Viewer['role'] }>(
    'SELECT role FROM users WHERE team_id = $1 AND id = $2 AND active',
    [teamId, ownerId],
  );
  return user && { teamId, userId: ownerId, role: user.role };
}

function counted(before: PeopleImport['counts'], rows: readonly DoneRow[]): PeopleImport['counts'] {
  const counts: Partial<Record<RowOutcome, number>> = { ...before };
  for (const { outcome } of rows) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
