import type { JsonClient } from './http-json.js';

/** The part of the task sync's API that the sandbox speaks. */

export type Scope = 'recent' | 'due' | 'open' | 'all';

export interface RunView {
  id: string;
  kind: 'first_sync' | 'pull' | 'push';
  status: 'running' | 'done' | 'cancelled' | 'failed';
  total: number | null;
  done: number;
  counts: Record<string, number>;
  api_calls: number;
  error: string | null;
  started_at: string;
  finished_at: string | null;
}

export interface StatusView {
  connected: boolean;
  two_way: boolean;
  advice: string;
  last_pull_at: string | null;
  waiting: number;
  problems: number;
  reps_syncing: number;
  reps_reading: number;
}

export interface EnrolmentView {
  user_id: string;
  state: 'off' | 'queued' | 'reading' | 'synced' | 'cancelled';
  scope: Scope;
  enrolled_at: string;
  run_id: string | null;
}

export interface PreviewView {
  scopes: Record<Scope, number>;
  left_out: { recurring_series: number; logged_emails: number };
  linked: number;
  unmatched_user_ids: string[];
  api_calls: number;
}

export interface ProblemView {
  task_id: string | null;
  salesforce_id: string | null;
  code: string;
  sentence: string;
  message: string;
}

const BASE = '/v1/salesforce/task-sync';

export class SyncApi {
  constructor(private readonly admin: JsonClient) {}

  status(): Promise<StatusView> {
    return this.admin.get<StatusView>(`${BASE}/status`);
  }

  enrolments(): Promise<EnrolmentView[]> {
    return this.admin.get<EnrolmentView[]>(`${BASE}/users`);
  }

  preview(userIds: readonly string[], scope: Scope): Promise<PreviewView> {
    return this.admin.send<PreviewView>('POST', `${BASE}/preview`, { user_ids: userIds, scope });
  }

  /** Turns the sync on; answers a sentence for each user who could not be. */
  async turnOn(userIds: readonly string[], scope: Scope): Promise<string[]> {
    const { results } = await this.admin.send<{ results: { ok: boolean; error?: { detail: string } }[] }>(
      'PUT',
      `${BASE}/users`,
      { user_ids: userIds, enabled: true, scope },
    );
    return results.flatMap((result) => (result.ok ? [] : [result.error?.detail ?? 'refused']));
  }

  run(id: string): Promise<RunView> {
    return this.admin.get<RunView>(`${BASE}/runs/${id}`);
  }

  /** Newest first. */
  async latestRuns(limit: number): Promise<RunView[]> {
    return (await this.admin.get<{ data: RunView[] }>(`${BASE}/runs?limit=${limit}`)).data;
  }

  async problems(): Promise<ProblemView[]> {
    return (await this.admin.get<{ data: ProblemView[] }>(`${BASE}/problems?limit=200`)).data;
  }

  async syncNow(): Promise<void> {
    await this.admin.send('POST', `${BASE}/sync-now`);
  }
}
