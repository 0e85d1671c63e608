import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import { TasksService } from '../../command-center/tasks/tasks.service.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { isUuid } from '../../platform/http/uuid-param.js';
import { WakeUps } from '../../platform/pipelines/wake-ups.js';
import { isSalesforceId, to18 } from '../client/ids.js';
import { SALESFORCE_ORG } from '../org-loop/org-loop.js';
import { OrgStates } from '../org-loop/org-states.repository.js';
import { Links } from '../task-sync/links.repository.js';
import type { TraceDto, TraceHeadDto } from './trace.dto.js';
import { TraceService } from './trace.service.js';

interface Found {
  teamId: string;
  taskId: string;
}

/** What an operator does with one task on the command line, whichever team it is of. */
@Injectable()
export class OperatorTasksService {
  constructor(
    private readonly tasks: TasksService,
    private readonly traces: TraceService,
    private readonly links: Links,
    private readonly states: OrgStates,
    private readonly wakeUps: WakeUps,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  async show(id: string, teamId: string | undefined, limit: number): Promise<TraceDto> {
    const found = await this.find(id, teamId);
    return this.traces.read(found.teamId, await this.task(found), null, limit);
  }

  /** Marks it as due from the start, whatever it waited for. Answers where it stands then. */
  async redo(id: string, teamId: string | undefined): Promise<TraceHeadDto> {
    const found = await this.find(id, teamId);
    const task = await this.task(found);
    await this.transactions.run(async (tx) => {
      const marked = await this.links.retry(tx, found.teamId, [found.taskId], this.clock.now());
      if (marked === 0) {
        throw new ProductError(
          'conflict',
          'This task is not synced: send it to Salesforce first, or turn its rep’s sync on.',
        );
      }
      const org = await this.states.laneOfTeam(found.teamId, tx);
      if (org) this.wakeUps.wakeAfterCommit(tx, SALESFORCE_ORG, org.connectionId);
    });
    return this.traces.head(found.teamId, task);
  }

  private async task({ teamId, taskId }: Found) {
    const { name, deleted_at } = await this.tasks.requireVisible(operatorOf(teamId), taskId);
    return { id: taskId, name, deleted: deleted_at !== null };
  }

  private async find(id: string, teamId: string | undefined): Promise<Found> {
    const byTask = isUuid(id);
    if (!byTask && !(isSalesforceId(id) && id.startsWith('00T'))) {
      throw new ProductError(
        'invalid_input',
        `${id} is neither the id of a task nor that of a Salesforce Task (00T…).`,
      );
    }
    if (teamId !== undefined && !isUuid(teamId)) throw new ProductError('not_found', 'There is no such team.');
    const found = await this.transactions.query<Found>(
      `SELECT t.id AS "teamId", x.id AS "taskId" FROM teams t, LATERAL (
         ${byTask ? 'SELECT id FROM tasks WHERE team_id = t.id AND id = $1' : BY_SALESFORCE_ID}) x
       WHERE t.deleted_at IS NULL AND ($2::uuid IS NULL OR t.id = $2)`,
      [byTask ? id.toLowerCase() : to18(id), teamId ?? null],
    );
    if (found[0]) return found[0];
    throw new ProductError(
      'not_found',
      byTask ? 'There is no such task.' : 'No task is linked to that Salesforce Task.',
    );
  }
}

const BY_SALESFORCE_ID = 'SELECT task_id AS id FROM task_links WHERE team_id = t.id AND salesforce_id = $1';

function operatorOf(teamId: string): Principal {
  return { teamId, userId: null, role: 'admin', scopes: [], actor: 'operator', timeZone: 'UTC' };
}
