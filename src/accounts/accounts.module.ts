import { Module, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessCheck } from './access-check.js';
import { AccessGuard } from './access.guard.js';
import { ApiKey } from './api-key.entity.js';
import { AuditEntry } from './audit/audit-entry.entity.js';
import { Audit } from './audit/audit.js';
import { AuditController } from './audit/audit.controller.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysService } from './api-keys.service.js';
import { Authenticator } from './authenticator.js';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.js';
import { KeptAnswersCleaner } from './idempotency/kept-answers-cleaner.js';
import { KeptAnswers } from './idempotency/kept-answers.repository.js';
import { DeactivationController } from './hand-over/deactivation.controller.js';
import { DeactivationService, HAND_OVER } from './hand-over/deactivation.service.js';
import { Departures } from './hand-over/departures.js';
import { HandOver } from './hand-over/hand-over.entity.js';
import { HandOverPipeline } from './hand-over/hand-over-pipeline.js';
import { HandOvers } from './hand-over/hand-overs.repository.js';
import { InvitationsController } from './invitations.controller.js';
import { InvitationsService } from './invitations.service.js';
import { AccountMail } from './mail/account-mail.entity.js';
import { AccountMailPipeline } from './mail/account-mail-pipeline.js';
import { ACCOUNT_MAIL, AccountMails } from './mail/account-mails.js';
import { MeController } from './me.controller.js';
import { MeService } from './me.service.js';
import { AccountToken } from './sessions/account-token.entity.js';
import { AccountTokens } from './sessions/account-tokens.service.js';
import { Session } from './sessions/session.entity.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SignInService } from './sessions/sign-in.service.js';
import { UserPassword } from './sessions/user-password.entity.js';
import { PrincipalCheck } from './principal-check.js';
import { PasswordsController } from './passwords.controller.js';
import { PasswordsService } from './passwords.service.js';
import { RequestLimitInterceptor } from './request-limit.interceptor.js';
import { TeamController } from './team.controller.js';
import { TeamData } from './team-data.js';
import { TeamDeletionService } from './team-deletion.service.js';
import { Team } from './team.entity.js';
import { TeamRemoval } from './team-removal.js';
import { TeamsService } from './teams.service.js';
import { UserStandings } from './user-standings.js';
import { User } from './user.entity.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

/** Teams, users, sessions and API keys, the audit log, the guard in front of every route, and how a team ends. */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      Team,
      User,
      ApiKey,
      Session,
      AccountToken,
      UserPassword,
      AuditEntry,
      AccountMail,
      HandOver,
    ]),
  ],
  controllers: [
    SessionsController,
    MeController,
    TeamController,
    UsersController,
    DeactivationController,
    ApiKeysController,
    InvitationsController,
    PasswordsController,
    AuditController,
  ],
  providers: [
    TeamsService,
    UsersService,
    UserStandings,
    ApiKeysService,
    SessionsService,
    AccountTokens,
    SignInService,
    MeService,
    Audit,
    ...[AccountMails, AccountMailPipeline, InvitationsService, PasswordsService],
    ...[Departures, DeactivationService, HandOvers, HandOverPipeline],
    TeamDeletionService,
    TeamData,
    TeamRemoval,
    Authenticator,
    PrincipalCheck,
    AccessCheck,
    ...[KeptAnswers, KeptAnswersCleaner],
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: RequestLimitInterceptor },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
  ],
  exports: [
    TeamsService,
    UsersService,
    ApiKeysService,
    SessionsService,
    AccountTokens,
    Audit,
    Authenticator,
    PrincipalCheck,
    TeamDeletionService,
    TeamData,
    Departures,
  ],
})
export class AccountsModule implements OnModuleInit {
  constructor(private readonly teamData: TeamData) {}

  onModuleInit(): void {
    this.teamData.register({
      tables: [
        { name: 'users', refersTo: [] },
        { name: 'api_keys', refersTo: ['users'] },
        { name: 'sessions', refersTo: ['users'] },
        { name: 'user_passwords', refersTo: ['users'] },
        { name: 'account_tokens', refersTo: ['users'] },
        { name: 'account_mails', refersTo: ['users'] },
        { name: 'hand_overs', refersTo: ['users'] },
        { name: 'audit_entries', refersTo: [] },
        { name: 'kept_answers', refersTo: [] },
      ],
      lanes: (_tx, teamId) =>
        Promise.resolve([HAND_OVER, ACCOUNT_MAIL].map((pipeline) => ({ pipeline, lane: teamId }))),
    });
  }
}
