import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../accounts/access.js';
import { Clock } from '../../platform/clock/clock.js';
import { type Reader, Transactions, type Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { requireIfMatch } from '../../platform/http/conditions.js';
import { decodeCursor, type PageQuery, toPage } from '../../platform/http/page.js';
import { invalidInput } from '../../platform/http/validation.js';
import { TaskDecorators } from './task-decorators.js';
import { applyEdit, type TaskEdit } from './task-edit.js';
import { NO_TASK, TaskGuard } from './task-guard.js';
import { TaskHistory } from './task-history.repository.js';
import { TaskQueries } from './task-queries.repository.js';
import { applyVerb, requireAllowed, type TaskVerb } from './task-state.js';
import { TaskStore } from './task-store.js';
import { BLANK_TASK, type TaskValues } from './task-values.js';
import type { TaskHistoryPage, TaskView } from './tasks.dto.js';

export type NewTask = TaskEdit & { name: string };

/** One task: made, read, changed. Every change is one transaction through the store. */
@Injectable()
export class TasksService {
  constructor(
    private readonly transactions: Transactions,
    private readonly store: TaskStore,
    private readonly guard: TaskGuard,
    private readonly queries: TaskQueries,
    private readonly historyLines: TaskHistory,
    private readonly clock: Clock,
    private readonly decorators: TaskDecorators,
  ) {}

  /** `also`: what goes with it, in the same transaction. */
  async create(principal: Principal, input: NewTask, also?: (tx: Tx, id: string) => Promise<void>): Promise<TaskView> {
    const { teamId, userId, actor } = principal;
    const assigneeId = input.assigneeId ?? userId;
    if (!assigneeId) throw invalidInput([{ field: 'assignee_id', message: 'is needed: a key of the team is nobody' }]);
    const [id, at] = [uuidv7(), this.clock.now()];
    const view = await this.transactions.run(async (tx) => {
      const edited = applyEdit({ ...BLANK_TASK, name: input.name, assigneeId }, input);
      const values = await this.guard.settle(tx, principal, null, edited);
      await this.store.insert(tx, teamId, [{ id, values, createdBy: userId }], { origin: 'here', actor, at });
      await also?.(tx, id);
      return this.view(tx, teamId, id);
    });
    return this.decorated(teamId, view);
  }

  async get(principal: Principal, id: string): Promise<TaskView> {
    const view = await this.requireVisible(principal, id);
    if (view.deleted_at !== null) throw new ProductError('not_found', 'This task is deleted; it can be restored.');
    return this.decorated(principal.teamId, view);
  }

  /** Newest first. A deleted task keeps its history. */
  async history(principal: Principal, id: string, { after, limit }: PageQuery): Promise<TaskHistoryPage> {
    await this.requireVisible(principal, id);
    const [position = null] = after === undefined ? [] : decodeCursor(after, 1);
    const slice = { after: position, limit };
    const lines = await this.historyLines.page(this.transactions, principal.teamId, id, slice);
    return toPage(
      lines,
      limit,
      (line) => [line.id],
      (line) => line,
    );
  }

  async edit(principal: Principal, id: string, ifMatch: string | undefined, edit: TaskEdit): Promise<TaskView> {
    return this.change(principal, id, ifMatch, (values) => applyEdit(values, edit));
  }

  async apply(principal: Principal, id: string, ifMatch: string | undefined, verb: TaskVerb): Promise<TaskView> {
    return this.change(principal, id, ifMatch, (values, at) => applyVerb(values, verb, at));
  }

  /** Completes it; of a call, also what came of it. */
  async complete(
    principal: Principal,
    id: string,
    ifMatch: string | undefined,
    call: Pick<TaskEdit, 'callOutcome' | 'callReason'>,
  ): Promise<TaskView> {
    return this.change(principal, id, ifMatch, (values, at) => applyEdit(applyVerb(values, 'complete', at), call));
  }

  /** Hides it from the views until then; null shows it again. */
  async snooze(principal: Principal, id: string, ifMatch: string | undefined, until: Date | null): Promise<TaskView> {
    if (until && until <= this.clock.now()) throw invalidInput([{ field: 'until', message: 'must be in the future' }]);
    const snoozedUntil = until?.toISOString() ?? null;
    return this.change(principal, id, ifMatch, (values) => {
      requireAllowed(values, 'snooze');
      return { ...values, snoozedUntil };
    });
  }

  /** `ifMatch` is honoured where it was sent; those who need it have asked for it before. */
  private async change(
    principal: Principal,
    id: string,
    ifMatch: string | undefined,
    decide: (values: TaskValues, at: string) => TaskValues,
  ): Promise<TaskView> {
    const { teamId, actor } = principal;
    const at = this.clock.now();
    const view = await this.transactions.run(async (tx) => {
      const before = (await this.store.lock(tx, teamId, [id])).get(id);
      if (!before) throw new ProductError('not_found', NO_TASK);
      await this.guard.requireEditable(tx, principal, before.values);
      if (ifMatch !== undefined) requireIfMatch(ifMatch, before.version);
      const decided = decide(before.values, at.toISOString());
      const after = await this.guard.settle(tx, principal, before.values, decided);
      await this.store.update(tx, teamId, [{ before, after, actor }], { origin: 'here', at });
      return this.view(tx, teamId, id);
    });
    return this.decorated(teamId, view);
  }

  /** The task, deleted ones too; 404 for what the caller may not see. */
  async requireVisible(principal: Principal, id: string): Promise<TaskView> {
    const { teamId } = principal;
    const row = await this.queries.byId(this.transactions, teamId, id);
    if (!row) throw new ProductError('not_found', NO_TASK);
    await this.guard.requireVisible(this.transactions, principal, row);
    return this.only(await this.queries.views(this.transactions, teamId, [row]));
  }

  private async view(reader: Reader, teamId: string, id: string): Promise<TaskView> {
    const row = await this.queries.byId(reader, teamId, id);
    return this.only(await this.queries.views(reader, teamId, row ? [row] : []));
  }

  private async decorated(teamId: string, view: TaskView): Promise<TaskView> {
    return this.only(await this.decorators.decorate(teamId, [view]));
  }

  private only(views: readonly TaskView[]): TaskView {
    const [view] = views;
    if (!view) throw new ProductError('not_found', NO_TASK);
    return view;
  }
}
