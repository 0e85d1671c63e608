// What this process knows of itself and of the installation, in Prometheus' text format. Invariants:
//
//   1. A scrape never fails because one collector does: it says command_center_collector_up 0 for that one.
//   2. Scraping cannot load the database: what was collected is served again for a few seconds, and for twenty times as
//      long as collecting it took, whoever asks and how often.
//   3. Labels have few values, whatever the number of teams: no ids.

import { Injectable, Logger } from '@nestjs/common';
import {
  collectDefaultMetrics,
  Counter,
  type CounterConfiguration,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from 'prom-client';
import { within } from '../health/within.js';

const PREFIX = 'command_center_';
const FRESH_MS = 5_000;
const COST_FACTOR = 20;
const TIMEOUT_MS = 2_000;

interface Collector {
  name: string;
  collect: () => Promise<void> | void;
  running: Promise<void> | undefined;
  freshUntil: number;
}

/** Rooms make their instruments here and register what must be looked up when somebody asks. */
@Injectable()
export class MetricsRegistry {
  private readonly logger = new Logger('Metrics');
  private readonly registry = new Registry();
  private readonly collectors = new Map<string, Collector>();
  private readonly up: Gauge<'collector'>;
  private runtime = false;

  constructor() {
    this.up = this.gauge('collector_up', '1 when these figures could be collected, 0 when they are old or missing', [
      'collector',
    ]);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter(this.named<CounterConfiguration<L>>(name, help, labelNames));
  }

  gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    return new Gauge(this.named<GaugeConfiguration<L>>(name, help, labelNames));
  }

  histogram<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    buckets: readonly number[],
  ): Histogram<L> {
    const configuration = this.named<HistogramConfiguration<L>>(name, help, labelNames);
    return new Histogram({ ...configuration, buckets: [...buckets] });
  }

  /** `collect` sets the registrant's own gauges. It is called when somebody asks, not more often than every few seconds. */
  collector(name: string, collect: () => Promise<void> | void): void {
    if (this.collectors.has(name)) throw new Error(`Two collectors are named ${name}.`);
    this.collectors.set(name, { name, collect, running: undefined, freshUntil: 0 });
  }

  /** All figures as text. */
  async exposition(): Promise<string> {
    // Not before somebody asks: it observes the event loop and the garbage collector from then on.
    if (!this.runtime) collectDefaultMetrics({ register: this.registry });
    this.runtime = true;
    // One after the other: a scrape takes one connection of the pool at most.
    for (const collector of this.collectors.values()) await this.refresh(collector);
    return this.registry.metrics();
  }

  /** Forgets what was collected, so that the next scrape looks again; for tests. */
  expire(): void {
    for (const collector of this.collectors.values()) collector.freshUntil = 0;
  }

  private async refresh(collector: Collector): Promise<void> {
    if (performance.now() < collector.freshUntil) return;
    // One that hangs is not started a second time; its next answer is waited for as long as any.
    collector.running ??= this.run(collector).finally(() => (collector.running = undefined));
    try {
      await within(TIMEOUT_MS, collector.running);
    } catch {
      this.up.set({ collector: collector.name }, 0);
    }
  }

  private async run(collector: Collector): Promise<void> {
    const began = performance.now();
    try {
      await collector.collect();
      this.up.set({ collector: collector.name }, 1);
    } catch (error) {
      this.up.set({ collector: collector.name }, 0);
      this.logger.warn({ err: error, collector: collector.name }, 'figures could not be collected');
    } finally {
      const now = performance.now();
      collector.freshUntil = now + Math.max(FRESH_MS, (now - began) * COST_FACTOR);
    }
  }

  private named<C>(name: string, help: string, labelNames: readonly string[]): C {
    return { name: `${PREFIX}${name}`, help, labelNames: [...labelNames], registers: [this.registry] } as C;
  }
}
