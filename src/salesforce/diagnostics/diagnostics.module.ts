import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { TeamData } from '../../accounts/team-data.js';
import { PeopleModule } from '../../command-center/people/people.module.js';
import { TasksModule } from '../../command-center/tasks/tasks.module.js';
import { OrgLoopModule } from '../org-loop/org-loop.module.js';
import { TaskSyncModule } from '../task-sync/task-sync.module.js';
import { AttemptsTrim } from './attempts-trim.js';
import { ConflictExplainer } from './conflict-explainer.js';
import { ConflictsController } from './conflicts.controller.js';
import { OperatorTasksService } from './operator-tasks.service.js';
import { ProblemActionsService } from './problem-actions.service.js';
import { ProblemsController } from './problems.controller.js';
import { RestoreConflictService } from './restore-conflict.service.js';
import { SyncFigures } from './sync-figures.repository.js';
import { SyncMetrics } from './sync-metrics.js';
import { SyncNames } from './sync-names.js';
import { TraceController } from './trace.controller.js';
import { TraceService } from './trace.service.js';

/** What the sync did and could not do, in words, and what a person does about it. */
@Module({
  imports: [AccountsModule, PeopleModule, TasksModule, OrgLoopModule, TaskSyncModule],
  controllers: [ConflictsController, ProblemsController, TraceController],
  providers: [
    ...[SyncNames, ConflictExplainer, RestoreConflictService, ProblemActionsService],
    ...[TraceService, OperatorTasksService, AttemptsTrim],
    ...[SyncFigures, SyncMetrics],
  ],
})
export class DiagnosticsModule implements OnModuleInit {
  constructor(private readonly teamData: TeamData) {}

  onModuleInit(): void {
    this.teamData.register({
      tables: [
        { name: 'sync_problems', refersTo: [] },
        { name: 'sync_attempts', refersTo: ['tasks'] },
      ],
    });
  }
}
