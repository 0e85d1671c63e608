import { type Position } from './position.js';

export type TaskChange = 'created' | 'updated' | 'deleted';
export type SyncKind = 'run' | 'problem' | 'conflict' | 'status' | 'setting';

/** What a page is told: that something is other than it was, never what. It reads that again as its user may. */
export type LiveMessage =
  /** `id` null: many tasks at once. */
  | { name: 'task'; data: { id: string | null; change: TaskChange } }
  | { name: 'sync'; data: { kind: SyncKind; id?: string } }
  /** `id` null: many of this user's emails at once. */
  | { name: 'email'; data: { id: string | null; user_id: string } };

/** Who is told, besides the admins. What is named by people or tasks is looked up where the event is written. */
export interface Audience {
  /** `team`: all its members. */
  to: 'team' | 'some';
  users?: readonly string[];
  /** Whoever sees these people: their owners, or all where one is shared. */
  people?: readonly string[];
  /** The assignees of these tasks. */
  tasks?: readonly string[];
}

export const ADMINS: Audience = { to: 'some' };
export const TEAM: Audience = { to: 'team' };

/** An event as it stands in the feed. */
export type LiveEvent = LiveMessage & { teamId: string; position: Position; audience: readonly string[] | null };

/** Events that say the same: the later one stands for both. */
export function subjectOf({ name, data }: LiveMessage): string {
  switch (name) {
    case 'task':
      return `task:${data.id}`;
    case 'sync':
      return `sync:${data.kind}:${data.id}`;
    case 'email':
      return `email:${data.user_id}:${data.id}`;
  }
}

/** Pure: what two changes of one task, one after the other, come to. */
export function mergedChange(before: TaskChange, after: TaskChange): TaskChange {
  return before === 'created' && after === 'updated' ? 'created' : after;
}
