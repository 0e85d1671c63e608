import { Injectable } from '@nestjs/common';
import { TaskHistory } from '../../command-center/tasks/task-history.repository.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import { Conflicts } from '../task-sync/conflicts.repository.js';
import { Links } from '../task-sync/links.repository.js';
import { SyncStatusService } from '../task-sync/sync-status.service.js';
import { Attempts } from './attempts.repository.js';
import { ConflictExplainer } from './conflict-explainer.js';
import { Problems } from './problems.repository.js';
import { SyncNames } from './sync-names.js';
import type { TraceDto, TraceHeadDto, TraceLineDto } from './trace.dto.js';
import { headOf, type TracedTask } from './trace-head.js';
import { attemptLine, changeLine, conflictLine, problemLine } from './trace-lines.js';

/** One task's way between here and Salesforce: where it stands, and everything that was tried and changed. */
@Injectable()
export class TraceService {
  constructor(
    private readonly attempts: Attempts,
    private readonly history: TaskHistory,
    private readonly conflicts: Conflicts,
    private readonly problems: Problems,
    private readonly explainer: ConflictExplainer,
    private readonly names: SyncNames,
    private readonly links: Links,
    private readonly status: SyncStatusService,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** `after`: the id of the last line of the page before. All lines have ids of one order, that of time. */
  async read(teamId: string, task: TracedTask, after: string | null, limit: number): Promise<TraceDto> {
    const head = await this.head(teamId, task);
    const reader = this.transactions;
    const attempts = await this.attempts.ofTask(reader, teamId, task.id, after, limit + 1);
    const changes = await this.history.page(reader, teamId, task.id, { after, limit });
    const conflicts = await this.conflicts.ofTask(reader, teamId, task.id, after, limit + 1);
    const problems = await this.problems.ofTask(reader, teamId, task.id, after, limit + 1);
    const names = await this.names.load(
      teamId,
      changes.flatMap(({ field, old, new: value }) => [old, value].map((one) => ({ field, value: one }))),
      changes.map((change) => change.who.id),
    );
    const lines: TraceLineDto[] = [
      ...attempts.map(attemptLine),
      ...changes.map((change) => changeLine(change, names)),
      ...(await this.explainer.views(teamId, conflicts)).map(conflictLine),
      ...problems.map(problemLine),
    ].sort((a, b) => (a.id < b.id ? 1 : -1));
    const data = lines.slice(0, limit);
    return { head, data, next: lines.length > limit ? (data.at(-1)?.id ?? null) : null };
  }

  async head(teamId: string, task: TracedTask): Promise<TraceHeadDto> {
    const [link] = await this.links.byTaskIds(teamId, [task.id]);
    const shown = (await this.status.tasks(teamId, [task.id])).get(task.id);
    return headOf(task, link, shown, await this.status.team(teamId), this.clock.now());
  }
}
