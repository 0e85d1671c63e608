import { Injectable } from '@nestjs/common';
import { ADMINS, type Audience, type SyncKind, TEAM } from '../../command-center/live/live-event.js';
import { LivePublisher } from '../../command-center/live/live-publisher.js';
import { Clock } from '../../platform/clock/clock.js';
import type { Tx } from '../../platform/database/transactions.js';

/** A run tells of its progress at most this often. */
const PROGRESS_MS = 500;
const RUNS_KEPT = 1_000;

/** What open pages are told of the sync, in the transaction that changes it: that they should look again, not what. */
@Injectable()
export class SyncNews {
  // Only to say less: forgotten at a restart.
  private readonly progressAt = new Map<string, number>();

  constructor(
    private readonly publisher: LivePublisher,
    private readonly clock: Clock,
  ) {}

  /** It began or ended. */
  run(tx: Tx, teamId: string, id: string): void {
    this.progressAt.delete(id);
    this.tell(tx, teamId, { kind: 'run', id }, ADMINS);
  }

  /** `users`: whose first-time sync it is. */
  runProgress(tx: Tx, teamId: string, id: string, users: readonly string[]): void {
    const now = this.clock.now().getTime();
    if (now - (this.progressAt.get(id) ?? 0) < PROGRESS_MS) return;
    if (this.progressAt.size >= RUNS_KEPT) this.progressAt.clear();
    this.progressAt.set(id, now);
    this.tell(tx, teamId, { kind: 'run', id }, { to: 'some', users });
  }

  /** Problems or conflicts of these tasks came, changed or went: their assignees are told. */
  ofTasks(tx: Tx, teamId: string, kind: 'problem' | 'conflict', tasks: readonly string[]): void {
    if (tasks.length > 0) this.tell(tx, teamId, { kind }, { to: 'some', tasks });
  }

  /** The team's settings, or those of these users. */
  setting(tx: Tx, teamId: string, users: readonly string[]): void {
    this.tell(tx, teamId, { kind: 'setting' }, { to: 'some', users });
  }

  /** The connection was made, lost, paused, resumed. */
  status(tx: Tx, teamId: string): void {
    this.tell(tx, teamId, { kind: 'status' }, TEAM);
  }

  private tell(tx: Tx, teamId: string, data: { kind: SyncKind; id?: string }, audience: Audience): void {
    this.publisher.publish(tx, teamId, { name: 'sync', data }, audience);
  }
}
