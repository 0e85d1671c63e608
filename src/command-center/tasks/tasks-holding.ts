import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Departures, type Handed, type Handing, type Holding } from '../../accounts/hand-over/departures.js';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import { TaskListeners } from './task-listeners.js';
import { TaskStore } from './task-store.js';

/** What a user has to do goes to whoever takes over; what is done stays in their name. */
const OPEN = `team_id = $1 AND assignee_id = $2 AND status = 'open' AND deleted_at IS NULL AND away_since IS NULL`;

@Injectable()
export class TasksHolding implements Holding, OnModuleInit {
  readonly kind = 'tasks';

  constructor(
    private readonly departures: Departures,
    private readonly store: TaskStore,
    private readonly listeners: TaskListeners,
  ) {}

  onModuleInit(): void {
    this.departures.holds(this);
  }

  async count(reader: Reader, teamId: string, userId: string): Promise<number> {
    const [row] = await reader.query<{ count: number }>(`SELECT count(*)::int AS count FROM tasks WHERE ${OPEN}`, [
      teamId,
      userId,
    ]);
    return row?.count ?? 0;
  }

  /** As by hand, task by task in the history; those that a follower refuses stay, and do not stop the others. */
  async hand(tx: Tx, { teamId, from, to, actor, at }: Handing, after: string | null, limit: number): Promise<Handed> {
    const rows = await tx.query<{ id: string }>(
      `SELECT id FROM tasks WHERE ${OPEN} AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4`,
      [teamId, from, after, limit],
    );
    const ids = rows.map(({ id }) => id);
    const locked = await this.store.lock(tx, teamId, ids);
    // Completed or given away since it was found: no longer theirs to hand over.
    const theirs = [...locked.values()].filter(
      ({ values }) => values.assigneeId === from && values.status === 'open' && !values.deletedAt && !values.awaySince,
    );
    const changes = theirs.map((before) => ({ before, after: { ...before.values, assigneeId: to }, actor }));
    const refused = await this.listeners.refusals(
      tx,
      teamId,
      changes.map((change) => ({
        ...{ taskId: change.before.id, before: change.before.values, after: change.after },
        ...{ origin: 'here' as const, at },
      })),
    );
    const free = changes.filter(({ before }) => !refused.has(before.id));
    const moved = await this.store.update(tx, teamId, free, { origin: 'here', at });
    const [first] = refused.values();
    const last = ids.length < limit ? null : (ids.at(-1) ?? null);
    return { moved: moved.length, kept: refused.size, keptBecause: first?.message ?? null, after: last };
  }
}
