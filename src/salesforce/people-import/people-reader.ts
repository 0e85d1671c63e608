import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ImportIntake } from '../../command-center/people/imports/import-intake.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import { isTransient } from '../client/classify.js';
import { explainSalesforceCode } from '../client/error-catalogue.js';
import { type ErrorKind, SalesforceError } from '../client/errors.js';
import type { OrgContext, OrgLane, OrgWork, Turn } from '../org-loop/org-context.js';
import { OrgLoop } from '../org-loop/org-loop.js';
import { cellsOf, OPT_OUT, PAGE, pageSoql, type PeopleQuery } from './people-query.js';
import type { PeopleRead } from './people-read.entity.js';
import { PeopleReads } from './people-reads.repository.js';

/** How long its next page may wait behind other work. */
const PATIENCE_MS = 60_000;
/** As many as a file may have. */
const MOST = 100_000;
/** How often in a row a page is tried. */
const TRIES = 5;
const OF_THE_ORG: readonly ErrorKind[] = ['concurrency', 'limit', 'stopped', 'reauthenticate'];
const NO_API: readonly string[] = ['API_CURRENTLY_DISABLED', 'API_DISABLED_FOR_ORG'];

type RemoteRecord = Record<string, unknown> & { Id: string };

/**
 * Reads leads and contacts for imports, a page in a slice. A page and the position after it are one transaction under
 * the lease: whoever is killed leaves whole pages, and no record comes twice.
 */
@Injectable()
export class PeopleReader implements OrgWork, OnModuleInit {
  readonly name = 'people';
  private readonly logger = new Logger(PeopleReader.name);

  constructor(
    private readonly loop: OrgLoop,
    private readonly reads: PeopleReads,
    private readonly intake: ImportIntake,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.loop.register(this);
  }

  dueLanes(_now: Date, limit: number): Promise<string[]> {
    return this.reads.connections(limit);
  }

  async turn({ connectionId }: OrgLane): Promise<Turn | null> {
    const read = await this.reads.next(this.transactions, connectionId);
    if (!read) {
      this.lastSlices.delete(connectionId);
      return null;
    }
    const last = this.lastSlices.get(connectionId) ?? read.createdAt;
    return { readyAt: read.createdAt, deadline: new Date(last.getTime() + PATIENCE_MS) };
  }

  // Of an org. Only an urgency: forgotten at a restart, when the next page is urgent anyway.
  private readonly lastSlices = new Map<string, Date>();

  backlog(): Promise<{ due: number; oldest: Date | null }> {
    return this.reads.backlog();
  }

  async slice(org: OrgContext): Promise<void> {
    const read = await this.reads.next(this.transactions, org.connectionId);
    if (!read) return;
    this.lastSlices.set(org.connectionId, this.clock.now());
    const query = read.queries[read.nth];
    if (!query) return this.end(org, read, null);
    try {
      const visible = await this.visibleFields(org, query);
      if (!visible.has(OPT_OUT)) {
        org.client.forgetDescribe(query.object);
        return await this.end(org, read, hiddenOptOut(query));
      }
      await this.store(org, read, query, await this.page(org, read, query, visible));
    } catch (error) {
      await this.failed(org, read, error);
    }
  }

  /** What is refused is refused again, and what fails again and again would hold everybody up: the read ends. */
  private async failed(org: OrgContext, read: PeopleRead, error: unknown): Promise<void> {
    const refusal = error instanceof SalesforceError ? error : undefined;
    if (org.lease.lost.aborted || (refusal && isOfTheOrg(refusal))) throw error;
    const because = refusal ? ` ${explainSalesforceCode(refusal.code).sentence}` : '';
    if (refusal?.kind === 'user' || refusal?.kind === 'admin') {
      const words = `Salesforce refuses to show these records.${because} It says: ${refusal.message}`;
      return this.end(org, read, words);
    }
    const tries = await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      return this.reads.failed(tx, read);
    });
    if (tries < TRIES) throw error;
    this.logger.warn({ err: error, import: read.importId }, 'a read of people is given up');
    const words = `These records could not be read, ${TRIES} times in a row.${because}`;
    await this.end(org, read, `${words} Narrow the conditions, or begin again later.`);
  }

  private async visibleFields({ client }: OrgContext, { object }: PeopleQuery): Promise<ReadonlySet<string>> {
    const { fields } = await client.describe(object, { purpose: 'people' });
    return new Set(fields.map(({ name }) => name));
  }

  private async page(
    { client }: OrgContext,
    { afterId }: PeopleRead,
    query: PeopleQuery,
    visible: ReadonlySet<string>,
  ): Promise<RemoteRecord[]> {
    // Of a related record: whether that can be seen shows when it is asked for.
    const has = (field: string) => field.includes('.') || visible.has(field);
    const soql = pageSoql(query, has, afterId);
    return (await client.page<RemoteRecord>(soql, { purpose: 'people', deletedToo: false })).records;
  }

  private async store(org: OrgContext, read: PeopleRead, query: PeopleQuery, records: RemoteRecord[]): Promise<void> {
    const { teamId, importId } = read;
    const rows = records.map((record) => cellsOf(query, record));
    await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      const total = await this.intake.add(tx, teamId, importId, rows);
      const isOver = records.length < PAGE;
      const next = { nth: isOver ? read.nth + 1 : read.nth, afterId: isOver ? null : (records.at(-1)?.Id ?? null) };
      if (next.nth < read.queries.length && total < MOST) return this.reads.move(tx, read, next);
      await this.reads.remove(tx, read);
      await this.intake.end(tx, teamId, importId, endedBecause(total, next.nth >= read.queries.length));
    });
  }

  private async end({ lease }: OrgContext, read: PeopleRead, because: string | null): Promise<void> {
    await this.transactions.run(async (tx) => {
      await lease.check(tx);
      await this.reads.remove(tx, read);
      await this.intake.end(tx, read.teamId, read.importId, because);
    });
  }
}

/** Pure: however often, it says nothing against what is asked for. A call without an answer may be asking for too much. */
function isOfTheOrg(refusal: SalesforceError): boolean {
  const { kind, code } = refusal;
  if (OF_THE_ORG.includes(kind) || NO_API.includes(code)) return true;
  if (explainSalesforceCode(code).category === 'authentication') return true;
  return isTransient(refusal) && code !== 'TIMEOUT';
}

function hiddenOptOut({ object }: PeopleQuery): string {
  const words = `It cannot be seen who opted out of emails in Salesforce: the integration user has no access to ${OPT_OUT}`;
  return `${words} (“Email Opt Out”) of ${object}. Let a Salesforce admin give it read access, then begin again.`;
}

function endedBecause(total: number, isAll: boolean): string | null {
  if (total === 0) return 'Nobody was found in Salesforce with these conditions.';
  return isAll
    ? null
    : `More than ${MOST.toLocaleString('en')} were found: narrow the conditions, and read them in parts.`;
}
