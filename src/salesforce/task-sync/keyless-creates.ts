import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transactions.js';
import type { OrgContext } from '../org-loop/org-context.js';
import { MAY_COMMIT_MS } from './doubts.js';
import { type Link, Links } from './links.repository.js';
import { fieldsOf, type TaskRecord } from './remote-task.js';
import { SYNCED_FIELDS } from './task-fields.js';

/** Clocks differ a little, and Salesforce keeps whole seconds. */
const SLACK_MS = 60_000;

/** A row that nobody knows yet, and that our own user made while the answer to a create of ours was lost. */
export interface Keyless {
  /** By the row's id: it is what that create carried, so it is its record. */
  ours: ReadonlyMap<string, Link>;
  /** Ids of rows that may be ours: left alone until their key can be read. */
  doubtful: ReadonlySet<string>;
}

/**
 * While the key field is missing no row says whose it is, and a create whose answer was lost would be imported as a
 * second task. What it carried tells it, unless it was changed there since, or two carried the same: then the row waits
 * for the key field.
 */
@Injectable()
export class KeylessCreates {
  constructor(private readonly links: Links) {}

  async find(tx: Tx, org: OrgContext, rows: readonly TaskRecord[]): Promise<Keyless> {
    const byUs = rows.filter((row) => row.CreatedById === org.client.integrationUserId);
    const creates = byUs.length > 0 ? await this.links.createsInDoubt(tx, org.teamId) : [];
    const ours = new Map<string, Link>();
    const doubtful = new Set<string>();
    const taken = new Set<string>();
    for (const row of byUs) {
      const madeAt = Date.parse(row.CreatedDate) - org.skewMs;
      const possible = creates.filter(
        ({ link, madeHereAt }) => !taken.has(link.taskId) && isWhile(madeAt, madeHereAt, link),
      );
      const [match, another] = possible.filter(({ link }) => isWhatWasSent(link, row));
      if (match && !another) {
        ours.set(row.Id, match.link);
        taken.add(match.link.taskId);
      } else if (possible.length > 0) doubtful.add(row.Id);
    }
    return { ours, doubtful };
  }
}

/** Between the making of the task here and the last moment at which its last try may commit. */
function isWhile(madeAt: number, madeHereAt: Date, { sent }: Link): boolean {
  return madeAt >= madeHereAt.getTime() - SLACK_MS && madeAt <= Date.parse(sent?.at ?? '') + MAY_COMMIT_MS + SLACK_MS;
}

function isWhatWasSent({ sent }: Link, row: TaskRecord): boolean {
  if (sent?.op !== 'create') return false;
  const there = fieldsOf(row);
  return SYNCED_FIELDS.every((field) => there[field] === sent.fields[field]);
}
