import { Global, Module } from '@nestjs/common';
import { MetricsController } from './metrics.controller.js';
import { MetricsRegistry } from './metrics-registry.js';
import { ProcessMetrics } from './process-metrics.js';

@Global()
@Module({
  controllers: [MetricsController],
  providers: [MetricsRegistry, ProcessMetrics],
  exports: [MetricsRegistry],
})
export class MetricsModule {}
