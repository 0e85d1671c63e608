import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { MetricsRegistry } from '../../platform/metrics/metrics-registry.js';
import { type OrgFigures, SyncFigures } from './sync-figures.repository.js';

const LAG_BUCKETS = [15, 30, 60, 120, 300, 900, 3_600, 14_400, 86_400];

/** Whether Salesforce is in step, what it costs, and what waits for a person: all orgs together. */
@Injectable()
export class SyncMetrics implements OnModuleInit {
  constructor(
    private readonly metrics: MetricsRegistry,
    private readonly figures: SyncFigures,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.collectOrgs();
    this.collectCalls();
    this.collectTroubles();
  }

  private collectOrgs(): void {
    const orgs = this.metrics.gauge(
      'salesforce_orgs',
      'Connected orgs by state; quiet: told so by Salesforce, held: by the API budget',
      ['state'],
    );
    const worst = this.metrics.gauge(
      'sync_pull_behind_max_seconds',
      'Seconds since the last complete pull of the org that is furthest behind',
    );
    const spread = this.metrics.histogram(
      'sync_pull_behind_seconds',
      'How many orgs are how far behind, as of now (a snapshot: it does not accumulate)',
      [],
      LAG_BUCKETS,
    );
    const share = this.metrics.gauge(
      'salesforce_api_used_ratio_max',
      'Of the org that used most: part of its daily limit that everybody together used',
    );
    this.metrics.collector('salesforce_orgs', async () => {
      const found = await this.figures.orgs(this.clock.now());
      for (const state of STATES) orgs.set({ state }, found.filter((org) => stateOf(org) === state).length);
      const behind = found.flatMap((org) => org.behind ?? []);
      worst.set(Math.max(0, ...behind));
      spread.reset();
      for (const seconds of behind) spread.observe(seconds);
      share.set(Math.max(0, ...found.map(({ apiUsed, apiLimit }) => (apiUsed && apiLimit ? apiUsed / apiLimit : 0))));
    });
  }

  private collectCalls(): void {
    const calls = this.metrics.gauge(
      'salesforce_api_calls_24h',
      'API calls of this installation in the last 24 hours, by what they were for, retries included',
      ['purpose'],
    );
    this.metrics.collector('salesforce_api_calls', async () => {
      const rows = await this.figures.callsByPurpose(this.clock.now());
      calls.reset();
      for (const row of rows) calls.set({ purpose: row.purpose }, Number(row.calls));
    });
  }

  private collectTroubles(): void {
    const problems = this.metrics.gauge('sync_problems_open', 'Tasks that Salesforce refused, by its code', ['code']);
    const parked = this.metrics.gauge('sync_tasks_parked', 'Tasks that are not tried again until somebody acts');
    const conflicts = this.metrics.gauge('sync_conflicts_24h', 'Edits that lost a conflict in the last 24 hours');
    const alarms = this.metrics.gauge('sync_alarms_open', 'Alarms on improbable absence that wait for a decision');
    this.metrics.collector('sync_troubles', async () => {
      const rows = await this.figures.openProblems();
      problems.reset();
      for (const { code, n } of rows) problems.set({ code }, Number(n));
      parked.set(await this.figures.parked());
      conflicts.set(await this.figures.conflictsOfDay(this.clock.now()));
      alarms.set(await this.figures.openAlarms());
    });
  }
}

const STATES = ['connected', 'stopped', 'paused', 'quiet', 'held'] as const;

function stateOf({ status, paused, quiet, held }: OrgFigures): (typeof STATES)[number] {
  if (status === 'stopped') return 'stopped';
  if (paused) return 'paused';
  if (quiet) return 'quiet';
  return held ? 'held' : 'connected';
}
