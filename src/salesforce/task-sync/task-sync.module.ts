import { Module, type OnModuleInit } from '@nestjs/common';
import { SyncNewsModule } from '../news/sync-news.module.js';
import { AccountsModule } from '../../accounts/accounts.module.js';
import type { TeamTable } from '../../accounts/removal-order.js';
import { Departures } from '../../accounts/hand-over/departures.js';
import { TeamData } from '../../accounts/team-data.js';
import { PeopleModule } from '../../command-center/people/people.module.js';
import { TaskDecorators } from '../../command-center/tasks/task-decorators.js';
import { TasksModule } from '../../command-center/tasks/tasks.module.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { WakeUps } from '../../platform/pipelines/wake-ups.js';
import { SalesforceClientModule } from '../client/salesforce-client.module.js';
import { ConnectionEvents } from '../connection/connection-events.js';
import { SalesforceSessionsModule } from '../connection/salesforce-sessions.module.js';
import { Attempts } from '../diagnostics/attempts.repository.js';
import { Problems } from '../diagnostics/problems.repository.js';
import { OrgLoop, SALESFORCE_ORG } from '../org-loop/org-loop.js';
import { OrgLoopModule } from '../org-loop/org-loop.module.js';
import { ConvertedLeads } from './converted-leads.js';
import { Conflicts } from './conflicts.repository.js';
import { EnrolmentService } from './enrolment.service.js';
import { Enrolments } from './enrolments.repository.js';
import { FirstSync } from './first-sync.js';
import { KeylessCreates } from './keyless-creates.js';
import { OrgSwitchController } from './org-switch.controller.js';
import { OrgSwitch } from './org-switch.js';
import { Links } from './links.repository.js';
import { MappingLoader } from './mapping-loader.js';
import { OrgSchemas } from './org-schema.service.js';
import { PageApplier } from './page-applier.js';
import { PreviewService } from './preview.service.js';
import { Pull } from './pull.js';
import { Push } from './push.js';
import { PushReader } from './push-reader.js';
import { PushWriter } from './push-writer.js';
import { AbsenceWatch } from './reconcile/absence-watch.js';
import { AlarmService } from './reconcile/alarm.service.js';
import { AlarmsController } from './reconcile/alarms.controller.js';
import { Alarms } from './reconcile/alarms.repository.js';
import { HerePass } from './reconcile/here-pass.js';
import { LinkedPass } from './reconcile/linked-pass.js';
import { ReconcileController } from './reconcile/reconcile.controller.js';
import { ReconcileDemand } from './reconcile/reconcile-demand.js';
import { ReconcileScan } from './reconcile/reconcile-scan.repository.js';
import { ReconcileService } from './reconcile/reconcile.service.js';
import { Reconcile } from './reconcile/reconcile.js';
import { TherePass } from './reconcile/there-pass.js';
import { RemoteNames } from './remote-names.js';
import { Runs } from './runs.repository.js';
import { SendTaskService } from './send-task.service.js';
import { SettingsService } from './settings.service.js';
import { SyncStatusService } from './sync-status.service.js';
import { TaskMerger } from './task-merger.js';
import { TaskSyncController } from './task-sync.controller.js';
import { TaskSyncListener } from './task-sync-listener.js';

const TEAM_TABLES: readonly TeamTable[] = [
  { name: 'task_links', refersTo: ['tasks'] },
  { name: 'task_sync_enrolments', refersTo: ['users'] },
  { name: 'task_sync_settings', refersTo: [] },
  { name: 'salesforce_names', refersTo: [] },
  { name: 'sync_runs', refersTo: [] },
  { name: 'sync_conflicts', refersTo: ['tasks'] },
  { name: 'sync_alarms', refersTo: [] },
  { name: 'sync_absences', refersTo: ['sync_alarms', 'tasks'] },
];

/** Keeps tasks the same here and in Salesforce. */
@Module({
  imports: [
    SyncNewsModule,
    AccountsModule,
    PeopleModule,
    TasksModule,
    SalesforceClientModule,
    SalesforceSessionsModule,
    OrgLoopModule,
  ],
  controllers: [OrgSwitchController, TaskSyncController, ReconcileController, AlarmsController],
  providers: [
    ...[Links, Enrolments, Runs, Conflicts, Problems, Attempts, MappingLoader, OrgSchemas, RemoteNames],
    ...[TaskMerger, PageApplier, PushReader, PushWriter, ConvertedLeads, KeylessCreates, Pull, Push, FirstSync],
    ...[Reconcile, LinkedPass, TherePass, HerePass, ReconcileScan, ReconcileDemand, ReconcileService],
    ...[Alarms, AlarmService, AbsenceWatch, OrgSwitch],
    ...[EnrolmentService, SettingsService, PreviewService, SyncStatusService, SendTaskService, TaskSyncListener],
  ],
  exports: [EnrolmentService, SyncStatusService, Links, Conflicts, Problems, Attempts, MappingLoader],
})
export class TaskSyncModule implements OnModuleInit {
  constructor(
    private readonly loop: OrgLoop,
    private readonly links: Links,
    private readonly push: Push,
    private readonly pull: Pull,
    private readonly firstSync: FirstSync,
    private readonly absenceWatch: AbsenceWatch,
    private readonly reconcile: Reconcile,
    private readonly decorators: TaskDecorators,
    private readonly status: SyncStatusService,
    private readonly connections: ConnectionEvents,
    private readonly enrolments: Enrolments,
    private readonly wakeUps: WakeUps,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly teamData: TeamData,
    private readonly departures: Departures,
    private readonly enrolment: EnrolmentService,
  ) {}

  onModuleInit(): void {
    this.loop.settleFirst(async (org, lease) => {
      await this.transactions.run(async (tx) => {
        await lease.check(tx);
        await this.links.markInDoubt(tx, org.teamId, this.clock.now());
      });
    });
    for (const work of [this.push, this.pull, this.firstSync, this.absenceWatch, this.reconcile]) {
      this.loop.register(work);
    }
    this.connections.register({
      onConnected: (tx, { connectionId }) => {
        this.wakeUps.wakeAfterCommit(tx, SALESFORCE_ORG, connectionId);
        return Promise.resolve();
      },
      // Their links are of the user they were matched with: first off, then another match, then on.
      onMatchChanged: async (tx, { teamId, userId }) => {
        if (!(await this.enrolments.syncing(tx, teamId, [userId])).has(userId)) return;
        throw new ProductError(
          'conflict',
          'This user syncs tasks. Turn their task sync off before you change the match.',
        );
      },
    });
    this.decorators.register('salesforce', (teamId, taskIds) => this.status.tasks(teamId, taskIds));
    this.teamData.register({ tables: TEAM_TABLES });
    this.departures.ends((tx, teamId, userId) => this.enrolment.leave(tx, teamId, userId));
  }
}
