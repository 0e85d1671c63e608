import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import { Audit } from '../../accounts/audit/audit.js';
import { Clock } from '../../platform/clock/clock.js';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { WakeUps } from '../../platform/pipelines/wake-ups.js';
import { SALESFORCE_ORG } from '../org-loop/org-loop.js';
import { OrgStates } from '../org-loop/org-states.repository.js';
import { Links } from '../task-sync/links.repository.js';
import { ownOnly } from '../task-sync/own-only.js';
import { type Problem, Problems } from './problems.repository.js';

/** Tasks that are retried in one transaction: their links are locked for so long. */
const BATCH = 5_000;

/** What a person does about problems: try again, or leave alone. */
@Injectable()
export class ProblemActionsService {
  constructor(
    private readonly problems: Problems,
    private readonly links: Links,
    private readonly states: OrgStates,
    private readonly wakeUps: WakeUps,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** Tries its task again at once. A problem that is solved meanwhile stays solved. */
  async retry(principal: Principal, id: string): Promise<Problem> {
    const { teamId } = principal;
    return this.transactions.run(async (tx) => {
      const problem = await this.find(tx, principal, id);
      if (problem.resolvedAt || !problem.taskId) return problem;
      await this.again(tx, teamId, [problem.taskId]);
      await this.problems.setIgnored(tx, teamId, problem.taskId, null, this.clock.now());
      await this.tell(tx, principal, 'problem_retried', problem);
      return this.find(tx, principal, id);
    });
  }

  /** Tries all open problems of one code again, a batch in a transaction. Answers how many tasks. */
  async retryKind(principal: Principal, code: string): Promise<number> {
    const { teamId } = principal;
    const assigneeId = ownOnly(principal);
    let retried = 0;
    let after: string | null = null;
    for (;;) {
      const slice = { assigneeId, after, limit: BATCH };
      const batch: { taskIds: string[]; count: number } = await this.transactions.run(async (tx) => {
        const taskIds = await this.problems.openTasks(tx, teamId, code, slice);
        const count = await this.again(tx, teamId, taskIds);
        if (count > 0) await this.tellAll(tx, principal, code, count);
        return { taskIds, count };
      });
      retried += batch.count;
      if (batch.taskIds.length < BATCH) return retried;
      after = batch.taskIds.at(-1) ?? null;
    }
  }

  /** Stays here, is not counted, and is not tried again until somebody edits the task. */
  async ignore(principal: Principal, id: string): Promise<Problem> {
    const { teamId, actor } = principal;
    return this.transactions.run(async (tx) => {
      const problem = await this.find(tx, principal, id);
      if (problem.resolvedAt || !problem.taskId) return problem;
      await this.links.park(tx, teamId, problem.taskId, problem.code);
      await this.problems.setIgnored(tx, teamId, problem.taskId, actor, this.clock.now());
      await this.tell(tx, principal, 'problem_ignored', problem);
      return this.find(tx, principal, id);
    });
  }

  /** Only what is done with rights over the team's tasks: of one's own, the task's trace tells. */
  private async tell(tx: Tx, principal: Principal, act: string, { id, code, taskId }: Problem): Promise<void> {
    if (ownOnly(principal) !== undefined) return;
    const { teamId, actor } = principal;
    const target = { type: 'sync_problem', id };
    await this.audit.record(tx, {
      teamId,
      actor,
      action: `salesforce.${act}`,
      target,
      details: { code, task_id: taskId },
    });
  }

  private async tellAll(tx: Tx, principal: Principal, code: string, tasks: number): Promise<void> {
    if (ownOnly(principal) !== undefined) return;
    const { teamId, actor } = principal;
    await this.audit.record(tx, { teamId, actor, action: 'salesforce.problems_retried', details: { code, tasks } });
  }

  private async find(tx: Tx, principal: Principal, id: string): Promise<Problem> {
    const problem = await this.problems.find(tx, principal.teamId, id, ownOnly(principal));
    if (!problem) throw new ProductError('not_found', 'There is no such problem, or its task is not yours.');
    return problem;
  }

  private async again(tx: Tx, teamId: string, taskIds: readonly string[]): Promise<number> {
    if (taskIds.length === 0) return 0;
    const retried = await this.links.retry(tx, teamId, taskIds, this.clock.now());
    const org = await this.states.laneOfTeam(teamId, tx);
    if (org) this.wakeUps.wakeAfterCommit(tx, SALESFORCE_ORG, org.connectionId);
    return retried;
  }
}
