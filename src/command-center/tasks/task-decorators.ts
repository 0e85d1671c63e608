import { Injectable } from '@nestjs/common';

export type TaskDecoration = (teamId: string, taskIds: readonly string[]) => Promise<ReadonlyMap<string, object>>;

/** Others may show something of their own with each task (its state in Salesforce), under a key of their own. */
@Injectable()
export class TaskDecorators {
  private readonly decorations = new Map<string, TaskDecoration>();

  register(key: string, decoration: TaskDecoration): void {
    if (this.decorations.has(key)) throw new Error(`Two want to show "${key}" with tasks.`);
    this.decorations.set(key, decoration);
  }

  /** The tasks with what the others have to add; null where they have nothing. */
  async decorate<T extends { id: string }>(teamId: string, tasks: readonly T[]): Promise<T[]> {
    if (tasks.length === 0) return [];
    const ids = tasks.map(({ id }) => id);
    const found = await Promise.all(
      [...this.decorations].map(async ([key, read]) => [key, await read(teamId, ids)] as const),
    );
    return tasks.map((task) => ({
      ...task,
      ...Object.fromEntries(found.map(([key, values]) => [key, values.get(task.id) ?? null])),
    }));
  }
}
