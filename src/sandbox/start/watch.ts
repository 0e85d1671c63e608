import { setTimeout as delay } from 'node:timers/promises';
import type { RunView, SyncApi } from './sync-api.js';
import type { Terminal } from './terminal.js';

const LOOK_EVERY_MS = 2000;

const WORDS: Record<RunView['kind'], Record<string, string>> = {
  first_sync: { imported: 'imported', merged: 'merged' },
  pull: { imported: 'new', merged: 'changed', conflicts: 'in conflict' },
  push: {
    created: 'created',
    updated: 'updated',
    deleted: 'deleted',
    restored: 'restored',
    failed: 'refused, see /v1/salesforce/task-sync/problems',
    conflicts: 'in conflict',
  },
};
const ARROWS: Record<RunView['kind'], string> = {
  first_sync: '⇐ Salesforce (first-time sync)',
  pull: '← Salesforce',
  push: '→ Salesforce',
};

/** Tells of every run that moved something, a line each, until the signal comes. */
export async function watchRuns(sync: SyncApi, terminal: Terminal, signal: AbortSignal): Promise<void> {
  let last = (await sync.latestRuns(1))[0]?.id ?? '';
  while (!signal.aborted) {
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    // One answer that fails is no news: if the product ended, that is told elsewhere.
    const runs = await sync.latestRuns(50).catch(() => []);
    for (const run of runs.filter(({ id, finished_at: end }) => id > last && end !== null).reverse()) {
      last = run.id;
      const line = lineOf(run);
      if (line) terminal.line(`  ${terminal.paint('dim', timeOf(run))}  ${line}`);
    }
  }
}

/** Undefined for a run that moved nothing, such as the echo of our own writes. */
export function lineOf(run: RunView): string | undefined {
  const parts = Object.entries(WORDS[run.kind]).flatMap(([name, word]) =>
    (run.counts[name] ?? 0) > 0 ? [`${run.counts[name]} ${word}`] : [],
  );
  return parts.length > 0 ? `${ARROWS[run.kind]}  ${parts.join(', ')}` : undefined;
}

function timeOf(run: RunView): string {
  return new Date(run.finished_at ?? run.started_at).toTimeString().slice(0, 8);
}
