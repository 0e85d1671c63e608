import { Injectable } from '@nestjs/common';
import { quote } from '../client/soql.js';
import type { OrgContext } from '../org-loop/org-context.js';
import type { Link } from './links.repository.js';
import { KEY_FIELD } from './org-schema.js';
import { keyOf, readFields, type TaskRecord } from './remote-task.js';
import { Alarms } from './reconcile/alarms.repository.js';
import { ImprobableAbsenceError } from './reconcile/improbable-absence.js';
import { seesAllData } from './reconcile/view-all-data.js';
import type { Pair } from './task-merger.js';

// Absence by id counts as deletion, unless so many vanish at once that a lost permission is likelier, or it is lost.
const IMPROBABLE_SHARE = 0.05;
const IMPROBABLE_AT_LEAST = 20;
/** Ids or keys in one IN: the address of a query may have 16,384 bytes. */
const IN_AT_MOST = 200;

/** Reads the present state there of links, just before they are written, and tells absence from deletion. */
@Injectable()
export class PushReader {
  constructor(private readonly alarms: Alarms) {}

  /** Throws an ImprobableAbsenceError, with what else was read, when absence may not be taken for deletion. */
  async read(org: OrgContext, links: readonly Link[]): Promise<Pair[]> {
    const fields = readFields(true);
    const pairs = new Map<string, Pair>();
    for (const link of links) {
      pairs.set(link.taskId, { taskId: link.taskId, salesforceId: link.salesforceId, remote: 'never' });
    }

    const known = links.filter((link) => link.salesforceId !== null);
    const rows = await org.client.retrieve<TaskRecord>(
      'Task',
      known.map((link) => link.salesforceId ?? ''),
      fields,
      {
        purpose: 'read before write',
      },
    );
    const unseen = known.filter((link, index) => {
      const row = rows[index];
      if (row) pairs.set(link.taskId, { taskId: link.taskId, salesforceId: row.Id, remote: row });
      return !row;
    });
    const deleted = await this.query(
      org,
      'Id',
      unseen.map((link) => link.salesforceId ?? ''),
      fields,
    );
    const absent = new Set<string>();
    for (const link of unseen) {
      const row = deleted.get(link.salesforceId ?? '');
      if (!row && !link.deletedThere) absent.add(link.taskId);
      pairs.set(link.taskId, { taskId: link.taskId, salesforceId: link.salesforceId, remote: row ?? 'gone' });
    }

    // A create whose answer was lost: the record, if it was made, carries our key.
    const inDoubt = links.filter((link) => link.salesforceId === null && link.sent?.op === 'create');
    const keys = inDoubt.map((link) => keyOf(link.taskId, link.keyGeneration));
    const made = await this.query(org, KEY_FIELD, keys, fields);
    inDoubt.forEach((link, index) => {
      const row = made.get(keys[index] ?? '');
      if (row) pairs.set(link.taskId, { taskId: link.taskId, salesforceId: row.Id, remote: row });
    });
    const doubted = await this.doubted(org, absent, known.length);
    if (doubted.absent.length > 0) {
      for (const taskId of doubted.absent) pairs.delete(taskId);
      throw new ImprobableAbsenceError({ ...doubted, asked: known.length }, [...pairs.values()]);
    }
    return [...pairs.values()];
  }

  /** Those whose absence proves nothing: also few, once they are held under an alarm and nobody has confirmed it. */
  private async doubted(org: OrgContext, absent: ReadonlySet<string>, asked: number) {
    if (absent.size === 0) return { absent: [], seesAll: null };
    const seesAll = await seesAllData(org.client);
    const held = await this.alarms.held(org.teamId, [...absent]);
    if (seesAll === false) return { absent: [...absent], seesAll };
    const unconfirmed = [...absent].filter((taskId) => !held.get(taskId)?.confirmed);
    const improbable = unconfirmed.length >= IMPROBABLE_AT_LEAST && unconfirmed.length > asked * IMPROBABLE_SHARE;
    return { absent: improbable ? unconfirmed : unconfirmed.filter((taskId) => held.has(taskId)), seesAll };
  }

  private async query(
    org: OrgContext,
    by: 'Id' | typeof KEY_FIELD,
    values: readonly string[],
    fields: readonly string[],
  ): Promise<Map<string, TaskRecord>> {
    const found = new Map<string, TaskRecord>();
    for (let start = 0; start < values.length; start += IN_AT_MOST) {
      const some = values.slice(start, start + IN_AT_MOST);
      const { records } = await org.client.page<TaskRecord>(
        `SELECT ${fields.join(', ')} FROM Task WHERE ${by} IN (${some.map(quote).join(', ')}) LIMIT ${IN_AT_MOST}`,
        { purpose: 'read before write', deletedToo: true },
      );
      for (const record of records) found.set(record[by] ?? '', record);
    }
    return found;
  }
}
