import { AsyncLocalStorage } from 'node:async_hooks';
import type { WriteRequest } from '../../src/salesforce/client/salesforce-client.js';

/** What a killed worker meets instead of an answer of the database. */
export class Killed extends Error {
  constructor() {
    super('This worker was killed.');
  }
}

/** An edit in Salesforce that was made between a worker's reading of a row and its writing. */
export interface EditInBetween {
  salesforceId: string;
  field: string;
  /** Called when that very field, or the row's deletion, was written over it. */
  overwritten(): void;
}

/**
 * One run of one worker, as a history watches it: it passes a named place before and after each commit, where the
 * history may let things happen, or kill it.
 */
export class WorkerLine {
  dead = false;
  /** The last transaction that was committed, by what it did. */
  last = 'taking';
  /** Told at each place; may wait. */
  gate: ((place: string) => Promise<void>) | undefined;
  /** Told of writes that were sent and not answered: for a history that lets them commit late. */
  unanswered: ((requests: readonly WriteRequest[]) => void) | undefined;
  private read = new Set<string>();
  private between: EditInBetween[] = [];

  assertAlive(): void {
    if (this.dead) throw new Killed();
  }

  async pass(place: string): Promise<void> {
    this.assertAlive();
    await this.gate?.(place);
    this.assertAlive();
  }

  /** Rows were read just before they are written. */
  hasRead(salesforceIds: readonly string[]): void {
    this.read = new Set(salesforceIds);
    this.between = [];
  }

  edited(edit: EditInBetween): void {
    if (this.read.has(edit.salesforceId)) this.between.push(edit);
  }

  hasWritten(requests: readonly WriteRequest[]): void {
    for (const request of requests) {
      if (request.op === 'create') continue;
      for (const edit of this.between) {
        if (edit.salesforceId !== request.id) continue;
        if (request.op === 'delete' || edit.field in request.fields) edit.overwritten();
      }
      this.read.delete(request.id);
      this.between = this.between.filter((edit) => edit.salesforceId !== request.id);
    }
  }
}

const lines = new AsyncLocalStorage<WorkerLine>();

/** The run that the present code belongs to; undefined in an HTTP request. */
export const presentLine = (): WorkerLine | undefined => lines.getStore();

export function onLine<T>(line: WorkerLine, work: () => Promise<T>): Promise<T> {
  return lines.run(line, work);
}
