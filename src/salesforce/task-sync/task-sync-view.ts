import type { Enrolment } from './enrolments.repository.js';
import type { SettingResult } from './enrolment.service.js';
import type { Run } from './runs.repository.js';
import type { Settings } from './settings.service.js';
import type { EnrolmentDto, OwnEnrolmentDto, RunDto, SettingResultDto, TaskSyncSettingsDto } from './task-sync.dto.js';

/** Rows as the API shows them. */

export function settingsView(settings: Settings): TaskSyncSettingsDto {
  return {
    conflict_policy: settings.conflictPolicy,
    scope: settings.scope,
    subject_template: settings.subjectTemplate,
    open_status: settings.openStatus,
    completed_status: settings.completedStatus,
    skipped_as: settings.skippedAs,
    skipped_status: settings.skippedStatus,
  };
}

export function enrolmentView(row: Enrolment): EnrolmentDto {
  return {
    user_id: row.userId,
    salesforce_user_id: row.salesforceUserId,
    state: row.state,
    locked: row.locked,
    scope: row.scope,
    enrolled_at: row.enrolledAt,
    turned_off_at: row.turnedOffAt,
    run_id: row.runId,
  };
}

export function ownView(
  enrolment: Enrolment | undefined,
  username: string | null,
  run: Run | undefined,
): OwnEnrolmentDto {
  return {
    state: enrolment?.state ?? 'off',
    locked: enrolment?.locked ?? false,
    scope: enrolment?.scope ?? null,
    enrolled_at: enrolment?.enrolledAt ?? null,
    turned_off_at: enrolment?.turnedOffAt ?? null,
    salesforce_username: username,
    first_sync: run?.status === 'running' ? { done: run.done, total: run.total } : null,
  };
}

export function resultView(result: SettingResult): SettingResultDto {
  if (result.ok) return { user_id: result.userId, ok: true };
  return { user_id: result.userId, ok: false, error: { code: result.error.code, detail: result.error.message } };
}

export function runView(run: Run): RunDto {
  return {
    id: run.id,
    kind: run.kind,
    status: run.status,
    total: run.total,
    done: run.done,
    counts: run.counts,
    api_calls: run.apiCalls,
    error: run.error,
    started_at: run.startedAt,
    finished_at: run.finishedAt,
  };
}

/** A page of rows sorted by id, newest first, from one row more than asked for. */
export function idPage<Row extends { id: string }, T>(rows: readonly Row[], limit: number, view: (row: Row) => T) {
  const shown = rows.slice(0, limit);
  return { data: shown.map(view), next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
}
