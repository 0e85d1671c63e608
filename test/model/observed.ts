import { Injectable } from '@nestjs/common';
import { sqlState, Transactions, type Tx } from '../../src/platform/database/transactions.js';
import type { CallerOptions } from '../../src/salesforce/client/salesforce-caller.js';
import type { SalesforceClient, WriteRequest } from '../../src/salesforce/client/salesforce-client.js';
import { SalesforceClients } from '../../src/salesforce/client/salesforce-clients.js';
import { PushReader } from '../../src/salesforce/task-sync/push-reader.js';
import { presentLine } from './worker-line.js';

/** What a transaction did, told by its statements: the places of a history are named by it. */
const LABELS: readonly [string, RegExp][] = [
  ['page', /pull_cursor|pull_position/],
  ['first sync', /UPDATE sync_runs SET total|UPDATE task_sync_enrolments SET state/],
  ['settling', /SET due_since = coalesce\(due_since, \$2\), not_before = NULL/],
  ['sent', /FROM tasks\s+WHERE team_id = \$1 AND id = ANY\(\$2::uuid\[\]\) ORDER BY id FOR NO KEY UPDATE/],
  ['answer', /UPDATE task_links l SET\s+salesforce_id/],
  ['token', /idle_in_transaction_session_timeout/],
];

function labelOf(statements: readonly string[]): string {
  return LABELS.find(([, pattern]) => statements.some((sql) => pattern.test(sql)))?.[0] ?? 'other';
}

/** The database as a worker of a history sees it: each commit is a place. */
@Injectable()
export class ObservedTransactions extends Transactions {
  /** Deadlocks that its transactions met. */
  deadlocks = 0;

  override async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const line = presentLine();
    if (!line) return super.run((tx) => this.noted(work(tx)));
    await line.pass(`after ${line.last}`);
    let label = 'other';
    const result = await super.run(async (tx) => {
      const statements: string[] = [];
      const query = tx.query.bind(tx);
      tx.query = async <Row>(sql: string, parameters?: unknown[]) => {
        line.assertAlive();
        statements.push(sql);
        const rows = await query<Row>(sql, parameters);
        if (sql.includes('FOR NO KEY UPDATE')) await line.pass('holding locks');
        return rows;
      };
      const outcome = await this.noted(work(tx));
      label = labelOf(statements);
      await line.pass(`before ${label} commits`);
      return outcome;
    });
    line.last = label;
    await line.pass(`${label} committed`);
    return result;
  }

  override async query<Row = unknown>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    presentLine()?.assertAlive();
    return super.query<Row>(sql, parameters);
  }

  private async noted<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (sqlState(error) === '40P01') this.deadlocks += 1;
      throw error;
    }
  }
}

/** The org as a worker of a history sees it. */
@Injectable()
export class ObservedClients extends SalesforceClients {
  override async for(...args: Parameters<SalesforceClients['for']>): Promise<SalesforceClient> {
    return observed(await super.for(...args), (request) => this.altered(request));
  }

  protected altered(request: WriteRequest): WriteRequest {
    return request;
  }

  protected override options(...args: Parameters<SalesforceClients['options']>): CallerOptions {
    return { ...super.options(...args), pauseMs: () => 0 };
  }
}

function observed(client: SalesforceClient, altered: (request: WriteRequest) => WriteRequest): SalesforceClient {
  const watching = Object.create(client) as SalesforceClient;
  watching.guardedBy = (...args) => observed(client.guardedBy(...args), altered);
  watching.write = async (requests, options) => {
    const sent = requests.map(altered);
    try {
      return await client.write(sent, options);
    } catch (error) {
      presentLine()?.unanswered?.(sent);
      throw error;
    } finally {
      presentLine()?.hasWritten(sent);
    }
  };
  return watching;
}

/** Tells the line which rows were read just before they are written. */
@Injectable()
export class ObservedReader extends PushReader {
  override async read(...args: Parameters<PushReader['read']>): ReturnType<PushReader['read']> {
    const pairs = await super.read(...args);
    presentLine()?.hasRead(pairs.flatMap(({ salesforceId }) => salesforceId ?? []));
    return pairs;
  }
}
