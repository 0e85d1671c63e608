import { Quiescence } from '../../../src/platform/pipelines/quiescence.js';
import { type StoredTask, TaskStore } from '../../../src/command-center/tasks/task-store.js';
import type { TaskValues } from '../../../src/command-center/tasks/task-values.js';
import { Transactions, type Tx } from '../../../src/platform/database/transactions.js';
import { v7 as uuidv7 } from 'uuid';
import { childMain } from '../support/child.js';
import { DRAIN_MS, type ProductInput, startProduct } from '../support/product.js';

export interface ChangesInput extends ProductInput {
  warmUp: number;
  n: number;
}

export interface Changes {
  created: number;
  updated: number;
  deleted: number;
}

/** Changes made by one person at once. */
const TOGETHER = 500;

type Op = 'create' | 'delete' | 'complete' | 'edit';

/** Of 50 changes 25 edit, 20 complete, 3 create and 2 delete: all mixed, as a team's day mixes them. */
function opOf(n: number): Op {
  const place = (n * 7) % 50;
  if (place < 3) return 'create';
  if (place < 5) return 'delete';
  return place < 25 ? 'complete' : 'edit';
}

// Not measured: makes what the push then finds. A few changes are pushed first, so that the batch size, which is kept
// with the org, is where it is in the long run.
childMain(async (input: ChangesInput): Promise<Changes> => {
  const app = await startProduct(input);
  const maker = new ChangeMaker(
    app.get(TaskStore, { strict: false }),
    app.get(Transactions, { strict: false }),
    input.team.teamId,
  );
  await maker.change(input.warmUp, 'edit');
  const [resting] = await app.get(Quiescence, { strict: false }).drainAllDue(DRAIN_MS);
  if (resting) throw new Error(`The warm-up rests after a failure: ${resting.error}`);
  const changes = await maker.change(input.n);
  await app.close();
  return changes;
});

class ChangeMaker {
  private after = '00000000-0000-0000-0000-000000000000';

  constructor(
    private readonly store: TaskStore,
    private readonly transactions: Transactions,
    private readonly teamId: string,
  ) {}

  /** Changes the next `count` tasks, mixed or all alike. */
  async change(count: number, only?: Op): Promise<Changes> {
    const changes: Changes = { created: 0, updated: 0, deleted: 0 };
    for (let start = 0; start < count; start += TOGETHER) {
      const ops = Array.from({ length: Math.min(TOGETHER, count - start) }, (_, i) => only ?? opOf(start + i));
      await this.transactions.run((tx) => this.together(tx, ops));
      for (const op of ops) changes[op === 'create' ? 'created' : op === 'delete' ? 'deleted' : 'updated'] += 1;
    }
    return changes;
  }

  private async together(tx: Tx, ops: readonly Op[]): Promise<void> {
    const at = new Date();
    const tasks = await this.next(tx, ops.length);
    const author = { origin: 'here' as const, at };
    const made = tasks.flatMap((task, i) =>
      ops[i] === 'create' ? [{ id: uuidv7(), values: copyOf(task.values), createdBy: null }] : [],
    );
    const changed = tasks.flatMap((before, i) => {
      const op = ops[i];
      return op && op !== 'create' ? [{ before, after: changedBy(op, before.values, at), actor: 'user:bench' }] : [];
    });
    await this.store.insert(tx, this.teamId, made, { ...author, actor: 'user:bench' });
    await this.store.update(tx, this.teamId, changed, author);
  }

  private async next(tx: Tx, count: number): Promise<StoredTask[]> {
    const rows = await tx.query<{ id: string }>(
      'SELECT id FROM tasks WHERE team_id = $1 AND id > $2 ORDER BY id LIMIT $3',
      [this.teamId, this.after, count],
    );
    if (rows.length < count) throw new Error('There are too few tasks to change.');
    const ids = rows.map(({ id }) => id);
    this.after = ids.at(-1) ?? this.after;
    return [...(await this.store.lock(tx, this.teamId, ids)).values()];
  }
}

function changedBy(op: Exclude<Op, 'create'>, task: TaskValues, at: Date): TaskValues {
  if (op === 'delete') return { ...task, deletedAt: at.toISOString() };
  // One that is done already gets another priority.
  if (op === 'complete' && task.status === 'open') {
    return { ...task, status: 'completed', closedAt: at.toISOString() };
  }
  if (op === 'complete') return { ...task, priority: task.priority === 'high' ? 'normal' : 'high' };
  return { ...task, name: `${task.name} (moved)`, dueDate: '2026-11-02' };
}

/** A new task beside an old one. Made now, so after all others in the order of the ids. */
function copyOf(task: TaskValues): TaskValues {
  return { ...task, name: `${task.name} (again)`, status: 'open', closedAt: null, reminderAt: null };
}
