import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { TeamData } from '../../accounts/team-data.js';
import { PeopleInvolvement } from '../people/people-involvement.js';
import { PeopleModule } from '../people/people.module.js';
import { TimelineSources } from '../people/timeline/timeline-sources.js';
import { TaskDecorators } from './task-decorators.js';
import { TaskGuard } from './task-guard.js';
import { TaskHistory } from './task-history.repository.js';
import { TaskListeners } from './task-listeners.js';
import { TaskListsService } from './task-lists.service.js';
import { TaskQueries } from './task-queries.repository.js';
import { TaskRecordsAside } from './task-records-aside.js';
import { TaskStore } from './task-store.js';
import { TasksBulkService } from './tasks-bulk.service.js';
import { TasksOfPeople } from './tasks-of-people.js';
import { TasksHolding } from './tasks-holding.js';
import { TASKS_ON_TIMELINE } from './tasks-on-timeline.js';
import { TasksController } from './tasks.controller.js';
import { TasksService } from './tasks.service.js';

/** What reps have to do. */
@Module({
  imports: [AccountsModule, PeopleModule],
  controllers: [TasksController],
  providers: [
    ...[TasksService, TaskListsService, TasksBulkService, TasksOfPeople],
    ...[TaskStore, TaskListeners, TaskDecorators, TaskGuard, TaskQueries, TaskHistory, TasksHolding, TaskRecordsAside],
  ],
  exports: [TaskStore, TaskListeners, TaskDecorators, TasksService, TaskGuard, TaskHistory, TaskRecordsAside],
})
export class TasksModule implements OnModuleInit {
  constructor(
    private readonly involvement: PeopleInvolvement,
    private readonly timeline: TimelineSources,
    private readonly teamData: TeamData,
  ) {}

  onModuleInit(): void {
    this.timeline.register(TASKS_ON_TIMELINE);
    // Whoever has a task with a person sees that person.
    this.involvement.register(
      (team, user) =>
        `SELECT person_id FROM tasks
         WHERE team_id = ${team} AND assignee_id = ${user} AND deleted_at IS NULL AND away_since IS NULL`,
    );
    this.teamData.register({
      tables: [
        { name: 'tasks', refersTo: ['people', 'users'] },
        { name: 'task_changes', refersTo: ['tasks'] },
      ],
    });
  }
}
