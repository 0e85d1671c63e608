import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { TeamData } from '../../accounts/team-data.js';
import { SealedColumns } from '../../platform/secrets/sealed-columns.js';
import { ApiBudgetModule } from '../api-budget/api-budget.module.js';
import { SalesforceClientModule } from '../client/salesforce-client.module.js';
import { CallbackController } from './callback.controller.js';
import { ConnectService } from './connect.service.js';
import { ConnectionRegistrar } from './connection-registrar.js';
import { ConnectionController } from './connection.controller.js';
import { ConnectionService } from './connection.service.js';
import { contextOfAttempt, OauthAttempts } from './oauth-attempts.repository.js';
import { SignIn } from './sign-in.js';
import { SalesforceSessionsModule } from './salesforce-sessions.module.js';
import { contextOfConnection } from './token-keeper.js';
import { UserMatchController } from './user-match.controller.js';
import { UserMatchService } from './user-match.service.js';
import { UserMatches } from './user-matches.repository.js';

/** A team's connection to its org: log-in, state, and which Salesforce user each of ours is. */
@Module({
  imports: [AccountsModule, SalesforceSessionsModule, SalesforceClientModule, ApiBudgetModule],
  controllers: [ConnectionController, CallbackController, UserMatchController],
  providers: [
    ...[ConnectService, OauthAttempts, SignIn, ConnectionRegistrar],
    ...[ConnectionService, UserMatches, UserMatchService],
  ],
  exports: [SalesforceSessionsModule, ConnectService, ConnectionService, UserMatchService],
})
export class SalesforceConnectionModule implements OnModuleInit {
  constructor(
    private readonly teamData: TeamData,
    private readonly connection: ConnectionService,
    private readonly sealed: SealedColumns,
  ) {}

  onModuleInit(): void {
    const tokens = { table: 'salesforce_connections', key: 'id', context: contextOfConnection };
    this.sealed.register(
      { ...tokens, column: 'access_token' },
      { ...tokens, column: 'refresh_token' },
      {
        table: 'salesforce_oauth_attempts',
        key: 'state_hash',
        column: 'code_verifier',
        context: contextOfAttempt,
      },
    );
    this.teamData.register({
      tables: [
        { name: 'salesforce_oauth_attempts', refersTo: [] },
        { name: 'salesforce_connections', refersTo: [] },
        { name: 'salesforce_user_matches', refersTo: ['users'] },
      ],
      onDeleted: (tx, teamId) => this.connection.endWithTeam(tx, teamId),
    });
  }
}
