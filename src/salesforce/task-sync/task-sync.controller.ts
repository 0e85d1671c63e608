import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal, requireUser } from '../../accounts/access.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { AsksSalesforce } from '../client/asks-salesforce.js';
import { ownOnly } from './own-only.js';
import { EnrolmentService } from './enrolment.service.js';
import { Enrolments } from './enrolments.repository.js';
import { PreviewService } from './preview.service.js';
import { Runs } from './runs.repository.js';
import { SendTaskService } from './send-task.service.js';
import { SettingsService } from './settings.service.js';
import { SyncStatusService } from './sync-status.service.js';
import {
  ChangeEnrolmentsDto,
  ChangeOwnEnrolmentDto,
  ChangeTaskSyncSettingsDto,
  EnrolmentDto,
  OwnEnrolmentDto,
  PreviewDto,
  PreviewRequestDto,
  RunDto,
  RunPageDto,
  RunsQuery,
  SettingResultDto,
  SettingResultsDto,
  SyncStatusDto,
  TaskSyncSettingsDto,
} from './task-sync.dto.js';
import { enrolmentView, idPage, ownView, resultView, runView, settingsView } from './task-sync-view.js';

@ApiTags('Task sync')
@Controller('v1/salesforce/task-sync')
export class TaskSyncController {
  constructor(
    private readonly settings: SettingsService,
    private readonly enrolment: EnrolmentService,
    private readonly enrolments: Enrolments,
    private readonly previews: PreviewService,
    private readonly status: SyncStatusService,
    private readonly runs: Runs,
    private readonly sending: SendTaskService,
  ) {}

  /** Whether Salesforce is in step, since when, and what to do if not. */
  @Get('status')
  @Access({ role: 'member', scope: 'salesforce:read' })
  readStatus(@CurrentPrincipal() principal: Principal): Promise<SyncStatusDto> {
    return this.statusFor(principal);
  }

  /** The team's choices. */
  @Get('settings')
  @Access({ role: 'member', scope: 'salesforce:read' })
  async readSettings(@CurrentPrincipal() principal: Principal): Promise<TaskSyncSettingsDto> {
    return settingsView(await this.settings.read(principal.teamId));
  }

  /** Changes the team's choices; those left out stay. They apply to later pushes and re-push nothing. */
  @Put('settings')
  @Access({ role: 'admin', scope: 'salesforce:write' })
  async changeSettings(
    @CurrentPrincipal() principal: Principal,
    @Body() body: ChangeTaskSyncSettingsDto,
  ): Promise<TaskSyncSettingsDto> {
    const present = await this.settings.read(principal.teamId);
    return settingsView(
      await this.settings.change(
        principal.teamId,
        {
          conflictPolicy: body.conflict_policy ?? present.conflictPolicy,
          scope: body.scope ?? present.scope,
          subjectTemplate: body.subject_template ?? present.subjectTemplate,
          openStatus: body.open_status === undefined ? present.openStatus : body.open_status,
          completedStatus: body.completed_status === undefined ? present.completedStatus : body.completed_status,
          skippedAs: body.skipped_as ?? present.skippedAs,
          skippedStatus: body.skipped_status === undefined ? present.skippedStatus : body.skipped_status,
        },
        principal.actor,
      ),
    );
  }

  /** The setting of each user that ever had one; who is not in it does not sync. */
  @Get('users')
  @Access({ role: 'admin', scope: 'salesforce:read' })
  async readEnrolments(@CurrentPrincipal() principal: Principal): Promise<EnrolmentDto[]> {
    return (await this.enrolments.list(principal.teamId)).map(enrolmentView);
  }

  /** Turns the task sync of many users on or off. On starts their first-time sync at once, in one pass. */
  @Put('users')
  @Access({ role: 'admin', scope: 'salesforce:write' })
  async changeEnrolments(
    @CurrentPrincipal() principal: Principal,
    @Body() body: ChangeEnrolmentsDto,
  ): Promise<SettingResultsDto> {
    const { user_ids: userIds, enabled, scope, locked } = body;
    const results = await this.enrolment.change(
      principal.teamId,
      { userIds, enabled, scope, locked },
      { admin: principal.actor },
    );
    return { results: results.map(resultView) };
  }

  /** How one's own task sync stands. */
  @Get('me')
  @Access({ role: 'member', scope: 'salesforce:read' })
  async readOwn(@CurrentPrincipal() principal: Principal): Promise<OwnEnrolmentDto> {
    const { enrolment, username } = await this.enrolments.own(principal.teamId, requireUser(principal));
    const runId = enrolment?.state === 'reading' ? enrolment.runId : null;
    const run = runId === null ? undefined : await this.runs.find(principal.teamId, runId);
    return ownView(enrolment, username, run);
  }

  /** Turns one's own task sync on or off, unless an admin locked it. */
  @Put('me')
  @Access({ role: 'member', scope: 'salesforce:write' })
  async changeOwn(
    @CurrentPrincipal() principal: Principal,
    @Body() body: ChangeOwnEnrolmentDto,
  ): Promise<SettingResultDto> {
    const userId = requireUser(principal);
    const [result] = await this.enrolment.change(principal.teamId, { userIds: [userId], ...body }, 'rep');
    if (!result) throw new ProductError('not_found');
    if (!result.ok) throw result.error;
    return resultView(result);
  }

  /** What turning the sync on for these users would do, and cost. */
  @Post('preview')
  @HttpCode(200)
  @Access({ role: 'admin', scope: 'salesforce:read' })
  @AsksSalesforce()
  async preview(@CurrentPrincipal() principal: Principal, @Body() body: PreviewRequestDto): Promise<PreviewDto> {
    const scope = body.scope ?? (await this.settings.read(principal.teamId)).scope;
    const preview = await this.previews.preview(principal.teamId, body.user_ids, scope);
    return {
      scopes: preview.scopes,
      left_out: {
        recurring_series: preview.leftOut.recurringSeries,
        logged_emails: preview.leftOut.loggedEmails,
      },
      linked: preview.linked,
      unmatched_user_ids: preview.unmatched,
      api_calls: preview.apiCalls,
    };
  }

  /** Looks into Salesforce at once instead of at the next poll, and checks the org's fields again. */
  @Post('sync-now')
  @HttpCode(202)
  @Access({ role: 'member', scope: 'salesforce:write' })
  async syncNow(@CurrentPrincipal() principal: Principal): Promise<SyncStatusDto> {
    await this.enrolment.syncNow(principal.teamId);
    return this.statusFor(principal);
  }

  /** Sends a task that was here before the sync was turned on; such tasks never go there by themselves. */
  @Post('tasks/:id/send')
  @HttpCode(202)
  @Access({ role: 'member', scope: 'salesforce:write' })
  async sendTask(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<SyncStatusDto> {
    await this.sending.send(principal.teamId, id, ownOnly(principal));
    return this.statusFor(principal);
  }

  /** What the sync did, newest first. Polls that met nothing new are not listed. */
  @Get('runs')
  @Access({ role: 'admin', scope: 'salesforce:read' })
  async listRuns(@CurrentPrincipal() principal: Principal, @Query() query: RunsQuery): Promise<RunPageDto> {
    const rows = await this.runs.list(principal.teamId, query.kind, query.after, query.limit + 1);
    return idPage(rows, query.limit, runView);
  }

  /** One run; of a first-time sync, its progress. */
  @Get('runs/:id')
  @Access({ role: 'admin', scope: 'salesforce:read' })
  async readRun(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<RunDto> {
    const run = await this.runs.find(principal.teamId, id);
    if (!run) throw new ProductError('not_found', 'There is no run of that id.');
    return runView(run);
  }

  /** Ends a first-time sync early: what it has imported stays, and the ongoing sync goes on. */
  @Post('runs/:id/cancel')
  @HttpCode(200)
  @Access({ role: 'admin', scope: 'salesforce:write' })
  async cancelRun(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<RunDto> {
    await this.enrolment.cancelRun(principal.teamId, id, principal.actor);
    return this.readRun(principal, id);
  }

  /** Where the team stands, and for a member how much of theirs is stuck: that is what they can do something about. */
  private statusFor(principal: Principal): Promise<SyncStatusDto> {
    return this.status.team(principal.teamId, ownOnly(principal));
  }
}
