import { Module } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { SalesforceSessionsModule } from '../connection/salesforce-sessions.module.js';
import { IdentityUsers } from './identity-users.repository.js';
import { SalesforceSignInController } from './salesforce-sign-in.controller.js';
import { SalesforceSignInService } from './salesforce-sign-in.service.js';
import { SignInTickets } from './sign-in-ticket.js';

/** Salesforce as identity provider. */
@Module({
  imports: [AccountsModule, SalesforceSessionsModule],
  controllers: [SalesforceSignInController],
  providers: [SalesforceSignInService, SignInTickets, IdentityUsers],
})
export class SalesforceSignInModule {}
