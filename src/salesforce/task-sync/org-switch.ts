// What happens when a team leaves one Salesforce org for another (a sandbox for production, a sandbox that was
// refreshed). Invariants:
//
//   1. No id of the old org is sent to the new one: a copy of an org has the same ids for other records. So all that
//      names records, users or values of the old org is set aside in the transaction that decides: links, matches,
//      settings of reps, conflicts, records of people and of tasks.
//   2. Whoever works for the old org can commit nothing more: its lane is forgotten first, and that waits for the
//      transaction that a worker has open. Requests are waited for by the rows that they hold: the connection (matching,
//      settings, reading people), imports of people, tasks (edits), enrolments, conflicts (restoring), records of people
//      (choosing a person), in this order.
//   3. Nothing is deleted but copies of leads and contacts that were read for an import and are not imported yet. Tasks
//      that are in the old org are put away with it: people would have them beside their copies in the next one, twice.
//      Tasks that never went there stay as they are, and never go anywhere by themselves.
//   4. Coming back brings back what was set aside, links frozen: turned on again, reps' tasks are merged with what happened
//      on both sides, and nothing is imported twice.

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { TeamData } from '../../accounts/team-data.js';
import { ImportIntake } from '../../command-center/people/imports/import-intake.js';
import { PersonRecordsAside } from '../../command-center/people/person-records-aside.js';
import { TaskRecordsAside } from '../../command-center/tasks/task-records-aside.js';
import { Clock } from '../../platform/clock/clock.js';
import type { Tx } from '../../platform/database/transactions.js';
import { LaneEnds } from '../../platform/pipelines/lane-ends.js';
import { type Aside, SetAside } from '../../platform/set-aside/set-aside.js';
import { ConnectionEvents, type OrgOfTeam } from '../connection/connection-events.js';
import { SyncNews } from '../news/sync-news.js';
import { SALESFORCE_ORG } from '../org-loop/org-loop.js';

/** In the order in which their rows are waited for; back in the same order. */
const ASIDE: readonly Aside[] = [
  { table: 'task_sync_enrolments', key: 'user_id', parent: { table: 'users', column: 'user_id' } },
  { table: 'salesforce_user_matches', key: 'user_id', parent: { table: 'users', column: 'user_id' } },
  { table: 'sync_conflicts', key: 'id', parent: { table: 'tasks', column: 'task_id' } },
];

const READ_THERE =
  'The team has left the Salesforce org that these people were read from. Read them again from the one that it has now.';

const LINKS: Aside = {
  ...{ table: 'task_links', key: 'task_id', parent: { table: 'tasks', column: 'task_id' } },
  // The problems that parked some of them were closed: they are tried again.
  patch: { frozen: true, parked_code: null, not_before: null, attempts: 0 },
};

@Injectable()
export class OrgSwitch implements OnModuleInit {
  constructor(
    private readonly events: ConnectionEvents,
    private readonly aside: SetAside,
    private readonly people: PersonRecordsAside,
    private readonly imports: ImportIntake,
    private readonly tasks: TaskRecordsAside,
    private readonly lanes: LaneEnds,
    private readonly news: SyncNews,
    private readonly clock: Clock,
    private readonly teamData: TeamData,
  ) {}

  onModuleInit(): void {
    this.events.register({
      onOrgLeft: (tx, org) => this.leave(tx, org),
      onOrgEntered: (tx, org) => this.enter(tx, org),
    });
    this.teamData.register({ tables: [{ name: 'set_aside_rows', refersTo: [] }] });
  }

  private async leave(tx: Tx, { teamId, connectionId, orgId }: OrgOfTeam): Promise<void> {
    const place = { teamId, place: orgId };
    await this.lanes.forget(tx, [{ pipeline: SALESFORCE_ORG, lane: connectionId }]);
    // Whoever holds the connection (matching, settings) ends first; who comes later finds none.
    await tx.query('SELECT 1 FROM salesforce_connections WHERE id = $1 FOR UPDATE', [connectionId]);
    // Before people and tasks, as who erases somebody does.
    await this.imports.abandon(tx, teamId, READ_THERE, this.clock.now());
    // As everywhere else: tasks, then enrolments, then links.
    await this.tasks.lock(tx, teamId, LINKS.table);
    await this.turnOff(tx, teamId);
    for (const table of ASIDE) await this.aside.take(tx, place, table);
    await this.people.take(tx, place);
    await this.aside.take(tx, place, LINKS);
    await this.tasks.take(tx, place, LINKS.table, this.clock.now());
    await this.forget(tx, teamId);
  }

  private async enter(tx: Tx, { teamId, orgId }: OrgOfTeam): Promise<void> {
    const place = { teamId, place: orgId };
    for (const table of ASIDE) await this.aside.bringBack(tx, place, table);
    await this.people.bringBack(tx, place);
    await this.aside.bringBack(tx, place, LINKS);
    await this.tasks.bringBack(tx, place);
    this.news.setting(tx, teamId, []);
  }

  private async turnOff(tx: Tx, teamId: string): Promise<void> {
    const now = this.clock.now();
    await tx.query(
      `UPDATE task_sync_enrolments SET state = 'off', turned_off_at = $2, run_id = NULL
       WHERE team_id = $1 AND state <> 'off'`,
      [teamId, now],
    );
    await tx.query(
      `UPDATE sync_runs SET status = 'cancelled', finished_at = $2, position = NULL
       WHERE team_id = $1 AND status = 'running'`,
      [teamId, now],
    );
  }

  /** What is true of the old org only and is found anew in any. */
  private async forget(tx: Tx, teamId: string): Promise<void> {
    await tx.query('DELETE FROM salesforce_names WHERE team_id = $1', [teamId]);
    await tx.query('DELETE FROM salesforce_people_reads WHERE team_id = $1', [teamId]);
    await tx.query('DELETE FROM sync_absences WHERE team_id = $1', [teamId]);
    await tx.query(`UPDATE sync_alarms SET state = 'over' WHERE team_id = $1 AND state IN ('open', 'dismissed')`, [
      teamId,
    ]);
    await tx.query('UPDATE sync_problems SET resolved_at = $2 WHERE team_id = $1 AND resolved_at IS NULL', [
      teamId,
      this.clock.now(),
    ]);
    // Names of the old org's picklist; an admin chooses anew.
    await tx.query(
      `UPDATE task_sync_settings SET open_status = NULL, completed_status = NULL, skipped_status = NULL,
         skipped_as = CASE WHEN skipped_as = 'status' THEN 'completed' ELSE skipped_as END
       WHERE team_id = $1`,
      [teamId],
    );
  }
}
