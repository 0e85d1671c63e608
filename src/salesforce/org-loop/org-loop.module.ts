import { Module } from '@nestjs/common';
import { SalesforceClientModule } from '../client/salesforce-client.module.js';
import { OrgLoop } from './org-loop.js';
import { OrgStates } from './org-states.repository.js';

@Module({
  imports: [SalesforceClientModule],
  providers: [OrgLoop, OrgStates],
  exports: [OrgLoop, OrgStates],
})
export class OrgLoopModule {}
