import { Module } from '@nestjs/common';
import { ApiBudgets } from './api-budgets.repository.js';
import { ApiMeter } from './api-meter.js';
import { ApiUsageRecorder } from './api-usage-recorder.js';

/** Counts our API calls and keeps them below the admin's share. */
@Module({
  providers: [ApiBudgets, ApiUsageRecorder, ApiMeter],
  exports: [ApiBudgets, ApiUsageRecorder, ApiMeter],
})
export class ApiBudgetModule {}
