import { Injectable } from '@nestjs/common';
import { Transactions } from '../database/transactions.js';
import { SecretBox } from './secret-box.js';

/** Where a room keeps sealed secrets. `context` makes of a row's key what the secret was sealed with. */
export interface SealedColumn {
  table: string;
  /** Its one column that names a row. */
  key: string;
  column: string;
  context: (key: string) => string;
}

const PAGE = 500;

/** Every place with sealed secrets, so that they can be brought under the newest key. */
@Injectable()
export class SealedColumns {
  private readonly columns: SealedColumn[] = [];

  constructor(
    private readonly box: SecretBox,
    private readonly transactions: Transactions,
  ) {}

  /** Called by the room that keeps them, in its module's onModuleInit. */
  register(...columns: readonly SealedColumn[]): void {
    this.columns.push(...columns);
  }

  /** Seals anew what older keys sealed; may be run again and beside the service. How many secrets it sealed. */
  async rotate(): Promise<number> {
    let sealed = 0;
    for (const column of this.columns) sealed += await this.rotateColumn(column);
    return sealed;
  }

  private async rotateColumn({ table, key, column, context }: SealedColumn): Promise<number> {
    let sealed = 0;
    for (let after = ''; ;) {
      const rows = await this.transactions.query<{ key: string; secret: string }>(
        `SELECT ${key}::text AS key, ${column} AS secret FROM ${table}
         WHERE ${column} IS NOT NULL AND ${column} <> '' AND ${key}::text > $1 ORDER BY ${key}::text LIMIT ${PAGE}`,
        [after],
      );
      for (const row of rows) {
        if (this.box.isNewest(row.secret)) continue;
        const anew = this.box.seal(this.box.open(row.secret, context(row.key)), context(row.key));
        // Replaced meanwhile (a token was refreshed): that one is under the newest key already.
        const changed = await this.transactions.query(
          `UPDATE ${table} SET ${column} = $3 WHERE ${key}::text = $1 AND ${column} = $2 RETURNING 1`,
          [row.key, row.secret, anew],
        );
        sealed += changed.length;
      }
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return sealed;
      after = last.key;
    }
  }
}
