import { Injectable } from '@nestjs/common';
import { Audit } from '../../accounts/audit/audit.js';
import { differences } from '../../accounts/audit/differences.js';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import { SyncNews } from '../news/sync-news.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { unknownFields } from './subject-template.js';
import type { ConflictPolicy, SyncScope, TaskSyncSettings } from './task-sync-settings.entity.js';

export type Settings = Omit<TaskSyncSettings, 'teamId'>;

const DEFAULTS: Settings = {
  conflictPolicy: 'latest' satisfies ConflictPolicy,
  scope: 'due' satisfies SyncScope,
  subjectTemplate: '{{activity_subject}}',
  openStatus: null,
  completedStatus: null,
  skippedAs: 'completed',
  skippedStatus: null,
};

/** A team's choices for the task sync. A changed one applies to later pushes; it re-pushes nothing. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly news: SyncNews,
    private readonly audit: Audit,
  ) {}

  async read(teamId: string): Promise<Settings> {
    return this.transactions.run((tx) => this.readIn(tx, teamId));
  }

  async change(teamId: string, changes: Partial<Settings>, actor: string): Promise<Settings> {
    return this.transactions.run(async (tx) => {
      await tx.query('SELECT 1 FROM teams WHERE id = $1 FOR UPDATE', [teamId]);
      const present = await this.readIn(tx, teamId);
      const next = { ...present, ...changes };
      await this.check(tx, teamId, next);
      await tx.query(
        `INSERT INTO task_sync_settings (team_id, conflict_policy, scope, subject_template, open_status,
                                         completed_status, skipped_as, skipped_status)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (team_id) DO UPDATE SET conflict_policy = $2, scope = $3, subject_template = $4, open_status = $5,
           completed_status = $6, skipped_as = $7, skipped_status = $8`,
        [
          teamId,
          next.conflictPolicy,
          next.scope,
          next.subjectTemplate,
          next.openStatus,
          next.completedStatus,
          next.skippedAs,
          next.skippedStatus,
        ],
      );
      const details = differences(present, next, Object.keys(next) as (keyof Settings)[]);
      if (Object.keys(details).length > 0) {
        await this.audit.record(tx, { teamId, actor, action: 'salesforce.settings_changed', details });
      }
      this.news.setting(tx, teamId, []);
      return next;
    });
  }

  private async readIn(tx: Tx, teamId: string): Promise<Settings> {
    const [row] = await tx.query<Settings>(
      `SELECT conflict_policy AS "conflictPolicy", scope, subject_template AS "subjectTemplate",
              open_status AS "openStatus", completed_status AS "completedStatus", skipped_as AS "skippedAs",
              skipped_status AS "skippedStatus"
       FROM task_sync_settings WHERE team_id = $1`,
      [teamId],
    );
    return row ?? DEFAULTS;
  }

  private async check(tx: Tx, teamId: string, settings: Settings): Promise<void> {
    const fields: { field: string; message: string }[] = [];
    const unknown = unknownFields(settings.subjectTemplate);
    if (unknown.length > 0) {
      fields.push({ field: 'subject_template', message: `There is no dynamic field named ${unknown.join(', ')}.` });
    }
    if (settings.skippedAs === 'status' && !settings.skippedStatus) {
      fields.push({ field: 'skipped_status', message: 'Name the status that a skipped task gets in Salesforce.' });
    }
    const statuses = await this.statuses(tx, teamId);
    const choices = [
      { field: 'open_status', value: settings.openStatus, closed: false },
      { field: 'completed_status', value: settings.completedStatus, closed: true },
      { field: 'skipped_status', value: settings.skippedStatus, closed: undefined },
    ];
    for (const { field, value, closed } of choices) {
      const status = statuses?.find((candidate) => candidate.value === value);
      if (value === null || !statuses) continue;
      if (!status) fields.push({ field, message: `This org has no Task status “${value}”.` });
      else if (closed !== undefined && status.isClosed !== closed) {
        fields.push({
          field,
          message: `“${value}” is ${status.isClosed ? 'a closed' : 'an open'} status in this org.`,
        });
      }
    }
    if (fields.length > 0) throw new ProductError('invalid_input', undefined, fields);
  }

  private async statuses(tx: Tx, teamId: string): Promise<{ value: string; isClosed: boolean }[] | undefined> {
    const [row] = await tx.query<{ statuses: { value: string; isClosed: boolean }[] | null }>(
      `SELECT org_schema -> 'statuses' AS statuses FROM salesforce_org_states WHERE team_id = $1`,
      [teamId],
    );
    return row?.statuses ?? undefined;
  }
}
