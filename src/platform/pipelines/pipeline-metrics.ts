import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { JobCounts } from 'bull';
import { Clock } from '../clock/clock.js';
import { Transactions } from '../database/transactions.js';
import { within } from '../health/within.js';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { PipelineQueues } from './pipeline-queues.js';
import { Pipelines } from './pipelines.js';

const REDIS_TIMEOUT_MS = 1_000;
const QUEUE_STATES = ['waiting', 'active', 'delayed'] as const satisfies readonly (keyof JobCounts)[];

interface LaneCounts {
  pipeline: string;
  running: string;
  resting: string;
  asleep: string;
}

/** How much is due in each pipeline and for how long, what its lanes do, and what waits in Redis. */
@Injectable()
export class PipelineMetrics implements OnModuleInit {
  constructor(
    private readonly metrics: MetricsRegistry,
    private readonly pipelines: Pipelines,
    private readonly queues: PipelineQueues,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.collectBacklog();
    this.collectLanes();
    this.collectQueues();
  }

  private collectBacklog(): void {
    const labels = ['pipeline', 'work'] as const;
    const due = this.metrics.gauge('due', 'What is due in each pipeline and kind of work (rows, reps or orgs)', labels);
    const oldest = this.metrics.gauge(
      'due_oldest_age_seconds',
      'For how long the oldest of what is due has been due',
      labels,
    );
    for (const { name: pipeline } of this.pipelines.catalogue) {
      this.metrics.collector(`due:${pipeline}`, async () => {
        const now = this.clock.now();
        for (const backlog of (await this.pipelines.handler(pipeline).backlog?.(now)) ?? []) {
          const since = backlog.oldest ? now.getTime() - backlog.oldest.getTime() : 0;
          due.set({ pipeline, work: backlog.work }, backlog.due);
          oldest.set({ pipeline, work: backlog.work }, Math.max(0, since) / 1000);
        }
      });
    }
  }

  private collectLanes(): void {
    const lanes = this.metrics.gauge(
      'lanes',
      'Lanes that somebody works on (running), that rest after a failure (resting), that wait to be woken (asleep)',
      ['pipeline', 'state'],
    );
    this.metrics.collector('lanes', async () => {
      // One row an org: small, and read as a whole.
      const rows = await this.transactions.query<LaneCounts>(
        `SELECT pipeline, count(*) FILTER (WHERE lease_until > clock_timestamp()) AS running,
                count(*) FILTER (WHERE lease_until IS NULL AND retry_at > $1) AS resting,
                count(*) FILTER (WHERE lease_until IS NULL AND (retry_at IS NULL OR retry_at <= $1)) AS asleep
         FROM lanes GROUP BY pipeline`,
        [this.clock.now()],
      );
      for (const { name: pipeline } of this.pipelines.catalogue) {
        const row = rows.find((found) => found.pipeline === pipeline);
        for (const state of ['running', 'resting', 'asleep'] as const) {
          lanes.set({ pipeline, state }, Number(row?.[state] ?? 0));
        }
      }
    });
  }

  private collectQueues(): void {
    const jobs = this.metrics.gauge('queue_jobs', 'Wake-ups in Redis', ['queue', 'state']);
    for (const { name: queue } of this.pipelines.catalogue) {
      this.metrics.collector(`queue:${queue}`, async () => {
        const producer = this.queues.producer(queue);
        if (!producer) throw new Error('Redis does not answer.');
        const counts = await within(REDIS_TIMEOUT_MS, producer.getJobCounts());
        for (const state of QUEUE_STATES) jobs.set({ queue, state }, counts[state]);
      });
    }
  }
}
