import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { TeamData } from '../../accounts/team-data.js';
import { ApiBudgetModule } from '../api-budget/api-budget.module.js';
import { SalesforceClientModule } from '../client/salesforce-client.module.js';
import { ApiUsageController } from './api-usage.controller.js';
import { ApiUsageService } from './api-usage.service.js';
import { Governor } from './governor.js';
import { OrgLoop, SALESFORCE_ORG } from './org-loop.js';
import { OrgStates } from './org-states.repository.js';

@Module({
  imports: [AccountsModule, SalesforceClientModule, ApiBudgetModule],
  controllers: [ApiUsageController],
  providers: [OrgLoop, OrgStates, Governor, ApiUsageService],
  exports: [OrgLoop, OrgStates],
})
export class OrgLoopModule implements OnModuleInit {
  constructor(
    private readonly teamData: TeamData,
    private readonly states: OrgStates,
  ) {}

  onModuleInit(): void {
    this.teamData.register({
      tables: [{ name: 'salesforce_org_states', refersTo: ['salesforce_connections'] }],
      lanes: async (tx, teamId) => {
        const org = await this.states.laneOfTeam(teamId, tx);
        return org ? [{ pipeline: SALESFORCE_ORG, lane: org.connectionId }] : [];
      },
    });
  }
}
