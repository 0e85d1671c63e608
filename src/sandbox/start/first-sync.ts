import { setTimeout as delay } from 'node:timers/promises';
import { ProgressBar } from './progress-bar.js';
import { StartRefused } from './start-refused.js';
import type { RunView, Scope, SyncApi } from './sync-api.js';
import { count, plural, type Terminal } from './terminal.js';

const LOOK_EVERY_MS = 150;

export async function showPreview(
  sync: SyncApi,
  userIds: readonly string[],
  scope: Scope,
  terminal: Terminal,
): Promise<void> {
  const preview = await sync.preview(userIds, scope);
  const scopes = (['recent', 'due', 'open', 'all'] as const).map((name) => `${name} ${count(preview.scopes[name])}`);
  const { recurring_series: series, logged_emails: emails } = preview.left_out;
  terminal.line(`  tasks by scope      ${scopes.join('   ')}`);
  terminal.line(
    `  of "${scope}", left out  ${plural(emails, 'logged email')}, ${count(series)} masters of recurring series`,
  );
  terminal.line(`  it will cost about  ${plural(preview.api_calls, 'API call')}`);
  if (preview.unmatched_user_ids.length > 0) {
    terminal.line(`  without a Salesforce user: ${plural(preview.unmatched_user_ids.length, 'rep')}`);
  }
}

/** Follows the first-time syncs that are waiting or running, and answers the runs when all are over. */
export async function followFirstSync(sync: SyncApi, terminal: Terminal): Promise<RunView[]> {
  const bar = new ProgressBar(terminal);
  const seen = new Map<string, RunView>();
  for (;;) {
    const enrolments = await sync.enrolments();
    for (const id of new Set(enrolments.flatMap((row) => row.run_id ?? []))) {
      if (seen.get(id)?.finished_at == null) seen.set(id, await sync.run(id));
    }
    const runs = [...seen.values()];
    const failed = runs.find((run) => run.status === 'failed');
    if (failed) throw new StartRefused(`The first-time sync failed: ${failed.error ?? 'no reason was given'}`);
    const isOver = enrolments.every((row) => row.state !== 'queued' && row.state !== 'reading');
    const done = sum(runs, (run) => run.done);
    if (isOver && runs.every((run) => run.finished_at !== null)) {
      bar.finish(done);
      return runs;
    }
    const isCounted = runs.length > 0 && runs.every((run) => run.total !== null);
    bar.show(done, isCounted ? sum(runs, (run) => run.total ?? 0) : null);
    await delay(LOOK_EVERY_MS);
  }
}

const REASONS: Record<string, string> = {
  skipped_logged_email: 'logged emails',
  skipped_logged_activity: 'logged calls and notes',
  skipped_recurring_series: 'masters of recurring series',
  skipped_queue: 'owned by a queue',
  skipped_deleted: 'deleted meanwhile',
  skipped_other_owner: 'moved to somebody else meanwhile',
};

/** What the first-time syncs did, as a table. */
export function firstSyncTable(runs: readonly RunView[]): string[] {
  const counts: Record<string, number> = {};
  for (const run of runs) {
    for (const [name, value] of Object.entries(run.counts)) counts[name] = (counts[name] ?? 0) + value;
  }
  const took = sum(runs, (run) => Date.parse(run.finished_at ?? run.started_at) - Date.parse(run.started_at)) / 1000;
  const skipped = Object.entries(counts).filter(([name, value]) => name.startsWith('skipped_') && value > 0);
  const rows: [string, string][] = [
    ['imported', count(counts.imported ?? 0)],
    ...skipped.map(([name, value]): [string, string] => [`left out: ${REASONS[name] ?? name.slice(8)}`, count(value)]),
    ['merged with links from before', count(counts.merged ?? 0)],
    ['API calls', count(sum(runs, (run) => run.api_calls))],
    ['seconds', took.toFixed(1)],
    ['tasks per second', count(Math.round(sum(runs, (run) => run.done) / Math.max(took, 0.001)))],
  ];
  const widest = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(widest)}  ${value.padStart(8)}`);
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
