import { Module } from '@nestjs/common';
import { ApiBudgetModule } from '../api-budget/api-budget.module.js';
import { SalesforceSessionsModule } from '../connection/salesforce-sessions.module.js';
import { CallLog } from './call-log.js';
import { SalesforceClients } from './salesforce-clients.js';

/** The way to a team's org. */
@Module({
  imports: [SalesforceSessionsModule, ApiBudgetModule],
  providers: [SalesforceClients, CallLog],
  exports: [SalesforceClients],
})
export class SalesforceClientModule {}
