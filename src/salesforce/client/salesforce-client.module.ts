import { Module } from '@nestjs/common';
import { SalesforceSessionsModule } from '../connection/salesforce-sessions.module.js';
import { SalesforceClients } from './salesforce-clients.js';

/** The way to a team's org. */
@Module({ imports: [SalesforceSessionsModule], providers: [SalesforceClients], exports: [SalesforceClients] })
export class SalesforceClientModule {}
