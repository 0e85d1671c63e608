import { type DynamicModule, Global, Module } from '@nestjs/common';
import { LaneEnds } from './lane-ends.js';
import { LaneRests } from './lane-rests.js';
import { LaneRunner } from './lane-runner.js';
import { LanesRepository } from './lanes.repository.js';
import { PipelineQueues } from './pipeline-queues.js';
import { PipelineWorker } from './pipeline-worker.js';
import { PipelineMetrics } from './pipeline-metrics.js';
import type { PipelineDefinition } from './pipeline.js';
import { Pipelines } from './pipelines.js';
import { Quiescence } from './quiescence.js';
import { Sweeper } from './sweeper.js';
import { WakeUps } from './wake-ups.js';

/** Background work. Needs Config, Transactions, Clock and MetricsRegistry from global modules. */
@Global()
@Module({})
export class PipelinesModule {
  static forRoot(catalogue: readonly PipelineDefinition[]): DynamicModule {
    return {
      module: PipelinesModule,
      providers: [
        { provide: Pipelines, useFactory: () => new Pipelines(catalogue) },
        ...[LanesRepository, PipelineQueues, WakeUps, LaneRunner, PipelineWorker],
        ...[LaneRests, LaneEnds, Sweeper, Quiescence, PipelineMetrics],
      ],
      exports: [Pipelines, WakeUps, LaneRunner, LaneRests, LaneEnds, Sweeper, Quiescence],
    };
  }
}
