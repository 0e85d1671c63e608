import type { TaskChanged } from '../tasks/task-listeners.js';
import type { TaskValues } from '../tasks/task-values.js';
import { type Audience, type LiveMessage, mergedChange, type TaskChange } from './live-event.js';

/** More changed tasks than these in one transaction are one event that names none. */
const MANY = 50;

interface Told {
  change: TaskChange;
  users: Set<string>;
  people: Set<string>;
}

/** The tasks that one transaction changed, and who may see them now or could before. */
export class TaskBatch {
  private readonly single = new Map<string, Told>();
  private all: Told | undefined;

  add(taskId: string, change: TaskChange, seen: readonly Pick<TaskValues, 'assigneeId' | 'personId'>[]): void {
    const before = this.all ?? this.single.get(taskId);
    const told = before ?? { change, users: new Set<string>(), people: new Set<string>() };
    if (this.all) told.change = change === told.change ? change : 'updated';
    else told.change = mergedChange(told.change, change);
    for (const { assigneeId, personId } of seen) {
      told.users.add(assigneeId);
      if (personId) told.people.add(personId);
    }
    if (this.all) return;
    this.single.set(taskId, told);
    if (this.single.size > MANY) this.fold();
  }

  events(): { message: LiveMessage; audience: Audience }[] {
    const told: [string | null, Told][] = this.all ? [[null, this.all]] : [...this.single];
    return told.map(([id, { change, users, people }]) => ({
      message: { name: 'task', data: { id, change } },
      audience: { to: 'some', users: [...users], people: [...people] },
    }));
  }

  private fold(): void {
    const each = [...this.single.values()];
    const changes = new Set(each.map(({ change }) => change));
    this.all = {
      change: changes.size === 1 ? (each[0]?.change ?? 'updated') : 'updated',
      users: new Set(each.flatMap(({ users }) => [...users])),
      people: new Set(each.flatMap(({ people }) => [...people])),
    };
    this.single.clear();
  }
}

export function changeOf({ before, after }: Pick<TaskChanged, 'before' | 'after'>): TaskChange {
  if (before === null) return 'created';
  return before.deletedAt === null && after.deletedAt !== null ? 'deleted' : 'updated';
}
