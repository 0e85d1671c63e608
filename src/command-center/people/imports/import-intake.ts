import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '../../../platform/database/transactions.js';
import type { ImportField } from './import-mapping.js';
import { PeopleImports } from './people-imports.repository.js';

/**
 * Rows of people that another room brings, instead of a file: it begins an import, adds rows as they come, and ends it.
 * From then on it is tried and done like any other. Each step is part of the caller's transaction.
 */
@Injectable()
export class ImportIntake {
  constructor(private readonly imports: PeopleImports) {}

  /** `columns`: what they are; `extra`: further ones, for the person who imports to say. */
  async begin(
    tx: Tx,
    teamId: string,
    ownerId: string,
    { columns, extra }: { columns: ReadonlyMap<string, ImportField>; extra: readonly string[] },
    at: Date,
  ): Promise<string> {
    const id = uuidv7();
    await this.imports.add(tx, teamId, id, ownerId, at, 'salesforce');
    const row = await this.imports.find(tx, teamId, id);
    if (row) {
      const mapping = Object.fromEntries(columns);
      await this.imports.write(tx, { ...row, headers: [...columns.keys(), ...extra], mapping });
    }
    return id;
  }

  async add(tx: Tx, teamId: string, id: string, rows: readonly string[][]): Promise<number> {
    const row = await this.imports.find(tx, teamId, id, 'FOR UPDATE');
    if (!row || rows.length === 0) return row?.total ?? 0;
    await this.imports.addRows(tx, teamId, id, row.total + 1, rows);
    const total = row.total + rows.length;
    await this.imports.write(tx, { ...row, total });
    return total;
  }

  /** `because`: a sentence, where it ended before all was there, or where there is nothing. */
  async end(tx: Tx, teamId: string, id: string, because: string | null): Promise<void> {
    const row = await this.imports.find(tx, teamId, id, 'FOR UPDATE');
    if (!row) return;
    const state = because === null ? ('uploaded' as const) : ('stopped' as const);
    await this.imports.write(tx, { ...row, state, stoppedBecause: because });
  }

  /** Of all that was brought, what is not done is not done any more. Waits for the batch that runs. */
  async abandon(tx: Tx, teamId: string, because: string, at: Date): Promise<void> {
    await this.imports.holdAll(tx, teamId);
    await this.imports.abandonRead(tx, teamId, because, at);
  }
}
