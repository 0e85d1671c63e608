import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager, QueryFailedError } from 'typeorm';

/** An open transaction: passed on as an argument, never hidden. */
export class Tx {
  private readonly afterCommits: (() => void | Promise<void>)[] = [];

  constructor(readonly manager: EntityManager) {}

  /** Runs SQL in this transaction; rows as the driver gives them (dates as `YYYY-MM-DD`, bigints as strings). */
  async query<Row = unknown>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return rowsOf<Row>(await this.manager.query(sql, parameters));
  }

  /** Called once this transaction has committed; dropped when it rolls back. Failures are logged, not thrown. */
  afterCommit(callback: () => void | Promise<void>): void {
    this.afterCommits.push(callback);
  }

  /** @internal */
  takeAfterCommits(): (() => void | Promise<void>)[] {
    return this.afterCommits.splice(0);
  }
}

/** Whatever runs a statement: an open transaction, or `Transactions` for one statement on its own. */
export type Reader = Pick<Tx, 'query'>;

/** TypeORM answers UPDATE and DELETE with [rows, count]. */
export function rowsOf<Row>(result: unknown): Row[] {
  if (Array.isArray(result) && result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number') {
    return result[0] as Row[];
  }
  return (result ?? []) as Row[];
}

// Deadlock and serialisation failure: the transaction did nothing and may run again (Postgres, Appendix A).
const RETRIED = new Set(['40P01', '40001']);
const RETRIES = 3;

/** A transaction that everything within some work belongs to. */
interface Enclosing {
  tx: Tx;
  open: boolean;
  /** Statements outside `run` go one after another: it is one connection. */
  last: Promise<unknown>;
}

@Injectable()
export class Transactions {
  private readonly logger = new Logger(Transactions.name);
  private readonly enclosing = new AsyncLocalStorage<Enclosing>();

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Runs `work` in one transaction; again, at most three times, after a deadlock. It must have no other effects. */
  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const outer = this.outer();
    for (let retry = 0; ; retry++) {
      let open: Tx | undefined;
      let result: T;
      try {
        const parent = outer?.tx.manager ?? this.dataSource;
        result = await parent.transaction((manager) => work((open = new Tx(manager))));
      } catch (error) {
        if (retry < RETRIES && RETRIED.has(sqlState(error) ?? '')) continue;
        throw error;
      }
      for (const callback of open?.takeAfterCommits() ?? []) {
        if (outer) outer.tx.afterCommit(callback);
        else void this.inBackground(callback);
      }
      return result;
    }
  }

  /**
   * Everything that `work` does through this class is part of `tx`: kept with it or not at all, each `run` within it
   * a savepoint. For whoever must bind what others do to something of its own (the answer of an Idempotency-Key);
   * a service passes its transaction on as an argument. Work must do its runs one after another.
   */
  async within<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
    const enclosing: Enclosing = { tx, open: true, last: Promise.resolve() };
    try {
      return await this.enclosing.run(enclosing, work);
    } finally {
      // What work left running in the background is on its own.
      enclosing.open = false;
    }
  }

  /** Runs one statement outside any transaction. */
  async query<Row = unknown>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const outer = this.outer();
    if (!outer) return rowsOf<Row>(await this.dataSource.query(sql, parameters));
    const answer = outer.last.then(() => outer.tx.query<Row>(sql, parameters));
    outer.last = answer.catch(() => undefined);
    return answer;
  }

  private outer(): Enclosing | undefined {
    const enclosing = this.enclosing.getStore();
    return enclosing?.open ? enclosing : undefined;
  }

  private async inBackground(callback: () => void | Promise<void>): Promise<void> {
    try {
      await callback();
    } catch (error) {
      this.logger.warn(
        { err: error },
        'what was to follow a commit failed; the sweeper finds work that it was to announce',
      );
    }
  }
}

export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  return (error.driverError as { code?: string }).code;
}

/** The violated constraint's name, when the database refused a row. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  return (error.driverError as { constraint?: string }).constraint;
}
