import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { TaskStore } from '../../command-center/tasks/task-store.js';
import { BLANK_TASK, type TaskValues } from '../../command-center/tasks/task-values.js';
import { Clock } from '../../platform/clock/clock.js';
import type { Tx } from '../../platform/database/transactions.js';
import { Attempts, type NewAttempt } from '../diagnostics/attempts.repository.js';
import type { OrgContext } from '../org-loop/org-context.js';
import { KeylessCreates } from './keyless-creates.js';
import { Links, type Link } from './links.repository.js';
import { fromThere, hereOf } from './mapping.js';
import { type LoadedMapping, MappingLoader } from './mapping-loader.js';
import { KEY_FIELD, type OrgSchema } from './org-schema.js';
import { fieldsOf, taskIdOfKey, type TaskRecord, whyNotATask } from './remote-task.js';
import { addCounts, type Counts } from './runs.repository.js';
import { SYNCED_FIELDS } from './task-fields.js';
import { type Pair, TaskMerger } from './task-merger.js';

// A re-stamp alone makes no import: an unlinked Task met by the pull must have been changed since this long before
// its rep's enrolment.
const BEFORE_ENROLMENT_MS = 24 * 3_600_000;

/**
 * Takes a page of Tasks as Salesforce answered it: those that are linked are merged, those that are new and belong
 * to a rep who syncs are imported, all others are counted by reason. Both the pull and the first-time sync end here.
 */
@Injectable()
export class PageApplier {
  constructor(
    private readonly store: TaskStore,
    private readonly links: Links,
    private readonly mappings: MappingLoader,
    private readonly merger: TaskMerger,
    private readonly attempts: Attempts,
    private readonly keyless: KeylessCreates,
    private readonly clock: Clock,
  ) {}

  async apply(
    tx: Tx,
    org: OrgContext,
    schema: OrgSchema,
    rows: readonly TaskRecord[],
    mode: 'pull' | 'first',
  ): Promise<Counts> {
    const counts: Counts = { rows: rows.length };
    const linked = await this.links.bySalesforceIds(
      tx,
      org.teamId,
      rows.map((row) => row.Id),
    );
    await this.findByKey(tx, org.teamId, rows, linked);
    const mapping = await this.mappings.load(tx, org.teamId, schema, {
      ownerIds: rows.map((row) => row.OwnerId),
      assigneeIds: [],
      whoIds: rows.map((row) => row.WhoId),
      whatIds: rows.map((row) => row.WhatId),
    });

    const pairs: Pair[] = [];
    const fresh: TaskRecord[] = [];
    for (const row of rows) {
      const link = linked.get(row.Id);
      if (link) {
        const moves = !link.frozen || mapping.enrolledUserOf(row.OwnerId) !== undefined;
        if (!moves) addCounts(counts, { off: 1 });
        else if (isUnchanged(link, row)) addCounts(counts, { unchanged: 1 });
        else pairs.push({ taskId: link.taskId, salesforceId: row.Id, remote: row });
        continue;
      }
      const reason = whyNotATask(row) ?? this.whyNotImported(row, mapping, org, mode);
      if (reason) addCounts(counts, { [`skipped_${reason}`]: 1 });
      else fresh.push(row);
    }
    // Without the key field a row that is new here may be our own.
    const keyless = schema.keyField === 'missing' ? await this.keyless.find(tx, org, fresh) : undefined;
    for (const [salesforceId, link] of keyless?.ours ?? []) {
      const remote = fresh.find((row) => row.Id === salesforceId);
      if (remote) pairs.push({ taskId: link.taskId, salesforceId, remote });
    }
    const news = keyless ? fresh.filter(({ Id }) => !keyless.ours.has(Id) && !keyless.doubtful.has(Id)) : fresh;
    if (keyless?.doubtful.size) addCounts(counts, { skipped_in_doubt: keyless.doubtful.size });
    await this.import(tx, org, news, mapping, mode);
    const { counts: merged } = await this.merger.merge(tx, org, schema, pairs, 'pull');
    return addCounts(addCounts(counts, { imported: news.length, linked: pairs.length }), merged);
  }

  /** A row that carries the key of a create whose answer we never got is that task, not a new one. */
  private async findByKey(
    tx: Tx,
    teamId: string,
    rows: readonly TaskRecord[],
    linked: Map<string, Link>,
  ): Promise<void> {
    const byTask = new Map<string, TaskRecord>();
    for (const row of rows) {
      const taskId = linked.has(row.Id) ? undefined : taskIdOfKey(row[KEY_FIELD]);
      if (taskId) byTask.set(taskId, row);
    }
    if (byTask.size === 0) return;
    // Not locked yet: tasks come before their links, and only this loop gives a link its record.
    for (const link of await this.links.byTaskIds(teamId, [...byTask.keys()], tx)) {
      const row = byTask.get(link.taskId);
      // Already linked to another record: this one is a copy of it, and a task of its own.
      if (row && link.salesforceId === null) linked.set(row.Id, link);
    }
  }

  private whyNotImported(
    row: TaskRecord,
    mapping: LoadedMapping,
    org: OrgContext,
    mode: 'pull' | 'first',
  ): 'other_owner' | 'not_changed' | undefined {
    const enrolledAt = mapping.enrolledAt(row.OwnerId);
    if (!enrolledAt) return 'other_owner';
    if (mode === 'first') return undefined;
    const changedAt = Date.parse(row.LastModifiedDate) - org.skewMs;
    return changedAt > enrolledAt.getTime() - BEFORE_ENROLMENT_MS ? undefined : 'not_changed';
  }

  private async import(
    tx: Tx,
    org: OrgContext,
    rows: readonly TaskRecord[],
    mapping: LoadedMapping,
    mode: 'pull' | 'first',
  ): Promise<void> {
    const at = this.clock.now();
    const made = rows.map((row) => ({ row, id: uuidv7(), values: valuesOf(row, mapping, at), createdBy: null }));
    await this.store.insert(tx, org.teamId, made, { origin: 'salesforce', actor: null, at }, 'silent');
    await this.links.insertImported(
      tx,
      org.teamId,
      made.map(({ row, id, values }) => ({
        taskId: id,
        salesforceId: row.Id,
        base: { there: fieldsOf(row), here: hereOf(values) },
        archived: row.IsArchived === true,
        systemModstamp: row.SystemModstamp,
      })),
      at,
    );
    // A first-time sync of a million is its run's one entry.
    if (mode === 'pull') await this.attempts.record(tx, org.teamId, importsOf(made), at);
  }
}

/** Nothing of it is news: the same values, and it is as deleted and archived as we knew. */
function isUnchanged(link: Link, row: TaskRecord): boolean {
  if (link.frozen || link.sent || !link.base || row.IsDeleted !== link.deletedThere) return false;
  if ((row.IsArchived === true) !== link.archived) return false;
  const there = link.base.overridden ?? link.base.there;
  const present = fieldsOf(row);
  return SYNCED_FIELDS.every((field) => present[field] === there[field]);
}

function importsOf(made: readonly { id: string; row: TaskRecord }[]): NewAttempt[] {
  return made.map(({ id, row }) => ({
    taskId: id,
    operation: 'import',
    outcome: 'done',
    code: null,
    message: null,
    fields: [],
    salesforceId: row.Id,
  }));
}

/** A Salesforce Task as a new task here. */
function valuesOf(row: TaskRecord, mapping: LoadedMapping, at: Date): TaskValues {
  const fields = fieldsOf(row);
  const values: TaskValues = {
    ...BLANK_TASK,
    type: row.TaskSubtype === 'Call' ? 'call' : 'custom',
    name: fields.Subject ?? '(no subject)',
    assigneeId: '',
  };
  const closedAt = row.CompletedDateTime ? new Date(row.CompletedDateTime).toISOString() : at.toISOString();
  for (const field of SYNCED_FIELDS) {
    // The Subject's own rule (only a plain template takes it over) is about edits; a new task needs a name.
    if (field !== 'Subject') Object.assign(values, fromThere(field, fields, row.IsClosed, values, mapping, closedAt));
  }
  return values;
}
