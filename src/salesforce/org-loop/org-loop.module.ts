import { Module } from '@nestjs/common';
import { ApiBudgetModule } from '../api-budget/api-budget.module.js';
import { SalesforceClientModule } from '../client/salesforce-client.module.js';
import { ApiUsageController } from './api-usage.controller.js';
import { ApiUsageService } from './api-usage.service.js';
import { Governor } from './governor.js';
import { OrgLoop } from './org-loop.js';
import { OrgStates } from './org-states.repository.js';

@Module({
  imports: [SalesforceClientModule, ApiBudgetModule],
  controllers: [ApiUsageController],
  providers: [OrgLoop, OrgStates, Governor, ApiUsageService],
  exports: [OrgLoop, OrgStates],
})
export class OrgLoopModule {}
