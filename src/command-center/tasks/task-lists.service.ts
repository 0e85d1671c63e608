import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import { Clock } from '../../platform/clock/clock.js';
import { dateInZone, type LocalDate } from '../../platform/clock/local-date.js';
import { Transactions } from '../../platform/database/transactions.js';
import { decodeCursor, encodeCursor } from '../../platform/http/page.js';
import { invalidInput } from '../../platform/http/validation.js';
import { TaskDecorators } from './task-decorators.js';
import type { TaskCounts, TaskCountsQuery, TaskListQuery } from './task-list.dto.js';
import { filterOf, positionOf, TaskQueries } from './task-queries.repository.js';
import { orderOf, partOf, type TaskViewName, type ViewMoment } from './task-views.js';
import type { TaskPage } from './tasks.dto.js';

/** The views, in the rep's time zone. */
@Injectable()
export class TaskListsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly queries: TaskQueries,
    private readonly clock: Clock,
    private readonly decorators: TaskDecorators,
  ) {}

  async page(principal: Principal, query: TaskListQuery): Promise<TaskPage> {
    const view = query.view ?? 'today';
    requireFitting(view, query);
    const { limit } = query;
    const slice = { after: query.after === undefined ? null : positionIn(view, query.after), limit };
    const [moment, filter] = [this.moment(principal, query), filterOf(query, principal)];
    const rows = await this.queries.page(this.transactions, principal, view, moment, filter, slice);
    const shown = rows.slice(0, limit);
    const views = await this.queries.views(this.transactions, principal.teamId, shown);
    const last = shown.at(-1);
    return {
      data: await this.decorators.decorate(principal.teamId, views),
      next: rows.length > limit && last ? encodeCursor([view, ...positionOf(view, last)]) : null,
    };
  }

  async counts(principal: Principal, query: TaskCountsQuery): Promise<TaskCounts> {
    const moment = this.moment(principal, query);
    return this.queries.counts(this.transactions, principal, moment, filterOf(query, principal));
  }

  private moment(principal: Principal, query: TaskListQuery | TaskCountsQuery): ViewMoment {
    const now = this.clock.now();
    const { from = null, to = null } = 'from' in query || 'to' in query ? query : {};
    return {
      now,
      today: dateInZone(now, query.time_zone ?? principal.timeZone),
      range: { from: from as LocalDate | null, to: to as LocalDate | null },
    };
  }
}

function requireFitting(view: TaskViewName, { from, to, status }: TaskListQuery): void {
  const dated = from !== undefined || to !== undefined;
  if (view === 'range' && !dated) throw invalidInput([{ field: 'from', message: 'or to is needed for this view' }]);
  if (view !== 'range' && dated) throw invalidInput([{ field: 'view', message: 'must be range for from and to' }]);
  if (from !== undefined && to !== undefined && from > to) {
    throw invalidInput([{ field: 'to', message: 'must not be before from' }]);
  }
  const part = partOf(view);
  if (status === undefined || part === 'any' || (part === 'open') === (status === 'open')) return;
  throw invalidInput([{ field: 'status', message: `does not fit the view ${view}: use the view all` }]);
}

/** A cursor names its view: in another the position would mean something else. */
function positionIn(view: TaskViewName, cursor: string): (string | null)[] {
  const [of, ...position] = decodeCursor(cursor, orderOf(view).columns.length + 1);
  // The last one is the id, which every task has.
  if (of === view && position.at(-1) !== null) return position;
  throw invalidInput([{ field: 'after', message: 'is not a cursor of this view' }]);
}
