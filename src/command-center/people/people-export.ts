import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify';
import type { Principal } from '../../accounts/access.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { PeopleFilterQuery } from './people.dto.js';
import { PeopleQueries, type PersonRow } from './people-queries.repository.js';
import { PeopleService } from './people.service.js';

const PAGE = 1_000;
const CUSTOM_MAX = 200;
const COLUMNS = [
  'id',
  'name',
  'email',
  'other_addresses',
  'first_name',
  'last_name',
  'title',
  'company',
  'phone',
  'source',
  'time_zone',
  'shared',
  'unsubscribed_at',
];

/** People as a file, page by page as it is read: a hundred thousand need no memory. */
@Injectable()
export class PeopleExport {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly queries: PeopleQueries,
  ) {}

  async lines(principal: Principal, { q, group_id: groupId }: PeopleFilterQuery): Promise<Readable> {
    await this.people.requireGroup(principal, groupId);
    const custom = await this.queries.customFields(this.transactions, principal, CUSTOM_MAX);
    const columns = [...COLUMNS, ...custom.map((name) => `custom.${name}`)];
    // What a spreadsheet would run as a formula becomes text.
    const csv = stringify({ header: true, columns, escape_formulas: true, bom: true });
    const source = Readable.from(this.rows(principal, { q, groupId }, custom));
    source.once('error', (error) => csv.destroy(error));
    csv.once('close', () => source.destroy());
    return source.pipe(csv);
  }

  private async *rows(
    principal: Principal,
    filter: { q: string | undefined; groupId: string | undefined },
    custom: readonly string[],
  ): AsyncGenerator<unknown[]> {
    let after: readonly [string, string] | null = null;
    for (;;) {
      const page: PersonRow[] = await this.queries.page(this.transactions, principal, {
        ...filter,
        after,
        limit: PAGE,
      });
      const shown = page.slice(0, PAGE);
      for (const row of shown) yield cellsOf(row, custom);
      const last = shown.at(-1);
      if (page.length <= PAGE || !last) return;
      after = [last.sortKey, last.id];
    }
  }
}

function cellsOf(row: PersonRow, custom: readonly string[]): unknown[] {
  return [
    ...[row.id, row.name, row.email, row.otherAddresses.join(' '), row.firstName, row.lastName],
    ...[row.title, row.company, row.phone, row.source, row.timeZone],
    ...[String(row.shared), row.unsubscribedAt?.toISOString() ?? ''],
    ...custom.map((name) => row.custom[name] ?? ''),
  ];
}
