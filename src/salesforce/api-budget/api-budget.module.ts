import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { TeamData } from '../../accounts/team-data.js';
import { ApiBudgets } from './api-budgets.repository.js';
import { ApiMeter } from './api-meter.js';
import { ApiUsageRecorder } from './api-usage-recorder.js';

/** Counts our API calls and keeps them below the admin's share. */
@Module({
  imports: [AccountsModule],
  providers: [ApiBudgets, ApiUsageRecorder, ApiMeter],
  exports: [ApiBudgets, ApiUsageRecorder, ApiMeter],
})
export class ApiBudgetModule implements OnModuleInit {
  constructor(private readonly teamData: TeamData) {}

  onModuleInit(): void {
    this.teamData.register({ tables: [{ name: 'salesforce_api_calls', refersTo: ['salesforce_connections'] }] });
  }
}
