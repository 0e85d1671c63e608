import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type Principal, requireUser } from '../../../accounts/access.js';
import { Clock } from '../../../platform/clock/clock.js';
import { type Reader, Transactions } from '../../../platform/database/transactions.js';
import { ProductError } from '../../../platform/errors/product-error.js';
import { decodeCursor, toPage } from '../../../platform/http/page.js';
import { invalidInput } from '../../../platform/http/validation.js';
import { WakeUps } from '../../../platform/pipelines/wake-ups.js';
import { RateLimits } from '../../../platform/rate-limits/rate-limits.js';
import { csvLines, refusal } from './csv-upload.js';
import { type ImportField, isImportField } from './import-mapping.js';
import type { PeopleImport } from './people-import.entity.js';
import type {
  ImportRowPage,
  ImportRowsQuery,
  PeopleImportView,
  StartImport,
  UploadQuery,
} from './people-imports.dto.js';
import { PeopleImports } from './people-imports.repository.js';

/** The pipeline whose lanes are teams that import people. */
export const PEOPLE_IMPORT = 'people-import';

const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t' };
/** Of one statement: rows, and characters of them, for rows may be long. */
const CHUNK = { rows: 1_000, characters: 1_000_000 };
const UPLOADS = { points: 30, durationSeconds: 3600 };

/** Takes in a file, and begins to look at it or to do it. */
@Injectable()
export class PeopleImportsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly imports: PeopleImports,
    private readonly wakeUps: WakeUps,
    private readonly limits: RateLimits,
    private readonly clock: Clock,
  ) {}

  /** Chunk by chunk, each its own transaction: a slow upload holds no connection. */
  async upload(
    principal: Principal,
    source: Readable,
    { delimiter = 'comma' }: UploadQuery,
  ): Promise<PeopleImportView> {
    const { teamId } = principal;
    const [id, ownerId] = [uuidv7(), requireUser(principal)];
    await this.limits.take('people-upload', `${teamId}:${ownerId}`, UPLOADS);
    await this.imports.add(this.transactions, teamId, id, ownerId, this.clock.now());
    try {
      const { headers, total } = await this.store(teamId, id, csvLines(source, DELIMITERS[delimiter]));
      const row = await this.require(this.transactions, principal, id);
      await this.imports.write(this.transactions, { ...row, headers, total, state: 'uploaded' });
    } catch (error) {
      await this.imports.remove(this.transactions, teamId, id);
      throw error;
    }
    return this.get(principal, id);
  }

  async get(principal: Principal, id: string): Promise<PeopleImportView> {
    return viewOf(await this.require(this.transactions, principal, id));
  }

  /** A dry run may come before, and be done again with other columns; people are imported once. A stopped one goes on. */
  async start(principal: Principal, id: string, input: StartImport): Promise<PeopleImportView> {
    await this.transactions.run(async (tx) => {
      const row = await this.require(tx, principal, id, 'FOR UPDATE');
      if (row.state === 'uploading' || row.state === 'running') {
        throw new ProductError('conflict', 'This import is busy: wait until it is done.');
      }
      await this.imports.write(tx, begun(row, input, this.clock.now()));
      this.wakeUps.wakeAfterCommit(tx, PEOPLE_IMPORT, principal.teamId);
    });
    return this.get(principal, id);
  }

  async rows(principal: Principal, id: string, { outcome, after, limit }: ImportRowsQuery): Promise<ImportRowPage> {
    const row = await this.require(this.transactions, principal, id);
    const position = after === undefined ? 0 : Number(decodeCursor(after, 1)[0]);
    const rows = await this.imports.reported(this.transactions, row, { outcome, after: position, limit });
    return toPage(
      rows,
      limit,
      (one) => [String(one.row)],
      ({ row: nth, outcome: became, reason, personId }) => ({ row: nth, outcome: became, reason, person_id: personId }),
    );
  }

  /** The file and its report; people stay. */
  async delete(principal: Principal, id: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      await this.require(tx, principal, id, 'FOR UPDATE');
      await this.imports.remove(tx, principal.teamId, id);
    });
  }

  private async store(
    teamId: string,
    id: string,
    lines: AsyncIterable<string[]>,
  ): Promise<{ headers: string[]; total: number }> {
    let headers: string[] | undefined;
    let total = 0;
    let chunk: string[][] = [];
    let characters = 0;
    const flush = async () => {
      if (chunk.length > 0) await this.imports.addRows(this.transactions, teamId, id, total + 1, chunk);
      total += chunk.length;
      chunk = [];
      characters = 0;
    };
    for await (const cells of lines) {
      if (headers === undefined) {
        headers = cells.map((cell) => cell.trim());
        continue;
      }
      chunk.push(cells);
      characters += cells.reduce((sum, { length }) => sum + length, 0);
      if (chunk.length >= CHUNK.rows || characters >= CHUNK.characters) await flush();
    }
    await flush();
    if (headers === undefined || total === 0) throw refusal('has no rows');
    const twice = headers.find((header, index) => headers.indexOf(header) !== index && header !== '');
    if (twice !== undefined) throw refusal(`has two columns with the header “${twice.slice(0, 100)}”`);
    return { headers, total };
  }

  /** An import is its owner's and admins' to see. */
  private async require(
    reader: Reader,
    { teamId, userId, role }: Principal,
    id: string,
    lock: '' | 'FOR UPDATE' = '',
  ): Promise<PeopleImport> {
    const row = await this.imports.find(reader, teamId, id, lock);
    if (!row || (role !== 'admin' && row.ownerId !== userId))
      throw new ProductError('not_found', 'There is no such import.');
    if (lock && row.ownerId !== userId) throw new ProductError('forbidden', 'Only who uploaded a file does this.');
    return row;
  }
}

/** From the first row, or, of one that stopped, after the last that was done: rows without an address are known by nothing else. */
function begun(row: PeopleImport, input: StartImport, at: Date): PeopleImport {
  const { dry_run: dryRun = false, shared = false } = input;
  if (row.total === 0)
    throw new ProductError('conflict', `There is nobody to import. ${row.stoppedBecause ?? ''}`.trim());
  const mapping = mappingOf(row.headers, { ...input.columns, ...optOutOf(row) });
  const running = { ...row, state: 'running' as const, stoppedBecause: null, finishedAt: null };
  if (row.startedAt === null || row.dryRun) {
    return { ...running, mapping, dryRun, shared, startedAt: at, position: 0, counts: {} };
  }
  if (row.state !== 'stopped' || dryRun) {
    throw new ProductError('conflict', `This file is imported already${row.state === 'stopped' ? ' in part' : ''}.`);
  }
  const same = (one: object) => JSON.stringify(Object.entries(one).sort());
  if (same(mapping) !== same(row.mapping)) {
    throw invalidInput([{ field: 'columns', message: 'must be those that it was begun with, to go on' }]);
  }
  return running;
}

/** What Salesforce says of opt-outs holds, whatever the importer makes of that column. */
function optOutOf({ source, mapping }: PeopleImport): Record<string, ImportField> {
  const kept = Object.entries(mapping).filter(([, field]) => source === 'salesforce' && field === 'unsubscribed');
  return Object.fromEntries(kept);
}

function mappingOf(headers: readonly string[], columns: Record<string, unknown>): Record<string, ImportField> {
  const mapping = Object.entries(columns).map(([header, field]) => {
    if (!headers.includes(header) || header === '')
      throw invalidInput([{ field: 'columns', message: 'has a column that the file has not' }]);
    if (!isImportField(field)) throw invalidInput([{ field: 'columns', message: 'has a field that people have not' }]);
    return [header, field] as const;
  });
  const fields = new Set(mapping.map(([, field]) => field));
  if (fields.size < mapping.length) throw invalidInput([{ field: 'columns', message: 'has a field twice' }]);
  if (!['name', 'email', 'first_name', 'last_name'].some((field) => fields.has(field as ImportField))) {
    throw invalidInput([{ field: 'columns', message: 'must have a name or an email address' }]);
  }
  return Object.fromEntries(mapping);
}

function viewOf(row: PeopleImport): PeopleImportView {
  return {
    ...{ id: row.id, source: row.source, state: row.state, headers: row.headers, rows: row.total },
    ...{ dry_run: row.dryRun, columns: row.mapping, shared: row.shared },
    rows_done: row.position,
    counts: { created: 0, updated: 0, unchanged: 0, refused: 0, ...row.counts },
    stopped_because: row.stoppedBecause,
    ...{ created_at: row.createdAt, started_at: row.startedAt, finished_at: row.finishedAt },
  };
}
