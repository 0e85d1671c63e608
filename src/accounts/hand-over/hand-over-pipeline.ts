// Hands over what deactivated users held. Invariants:
//
//   1. A batch and the place where it ended are one transaction, which begins with lease.check: whoever is killed
//      leaves whole batches, and the next one goes on from there.
//   2. What is given to the leaver meanwhile is met on the way, or by another pass before the end.
//   3. It ends in the transaction that finds nothing more; only then the rooms end what the leaver had (their task sync):
//      until then what is moved is moved as by hand.
//   4. If the leaver is activated again, or the heir leaves, it stops and says so; what has moved stays.

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import type { LaneLease } from '../../platform/pipelines/lane-lease.js';
import type { Backlog, PipelineHandler, SliceResult } from '../../platform/pipelines/pipeline.js';
import { Pipelines } from '../../platform/pipelines/pipelines.js';
import { HAND_OVER } from './deactivation.service.js';
import { Departures, type Handed } from './departures.js';
import type { HandOver } from './hand-over.entity.js';
import { HandOvers } from './hand-overs.repository.js';

const BATCH = 500;

@Injectable()
export class HandOverPipeline implements PipelineHandler, OnModuleInit {
  constructor(
    private readonly pipelines: Pipelines,
    private readonly departures: Departures,
    private readonly handOvers: HandOvers,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.pipelines.register(HAND_OVER, this);
  }

  dueLanes(_now: Date, limit: number): Promise<string[]> {
    return this.handOvers.waitingTeams(limit);
  }

  async backlog(): Promise<Backlog[]> {
    return [{ work: 'hand over', ...(await this.handOvers.backlog()) }];
  }

  async slice(lease: LaneLease): Promise<SliceResult> {
    return this.transactions.run(async (tx) => {
      await lease.check(tx);
      const lives = await tx.query('SELECT 1 FROM teams WHERE id = $1 AND deleted_at IS NULL', [lease.lane]);
      if (lives.length === 0) return { kind: 'gone' };
      const row = await this.handOvers.next(tx, lease.lane);
      if (!row) return { kind: 'idle' };
      await this.handOvers.write(tx, await this.step(tx, row));
      return { kind: 'worked' };
    });
  }

  private async step(tx: Tx, row: HandOver): Promise<HandOver> {
    const at = this.clock.now();
    const stopped = await whyStopped(tx, row);
    if (stopped) {
      if (stopped.left) await this.departures.left(tx, row.teamId, row.fromUserId);
      return { ...row, stoppedBecause: stopped.reason, finishedAt: at };
    }
    const { holdings } = this.departures;
    const nth = Math.max(
      0,
      holdings.findIndex(({ kind }) => kind === row.kind),
    );
    const holding = holdings[nth];
    if (!holding) throw new Error('Nothing is registered to be handed over.');
    const handing = { teamId: row.teamId, from: row.fromUserId, to: row.toUserId, actor: row.actor, at };
    const handed = await holding.hand(tx, handing, row.after, BATCH);
    const next = counted(row, holding.kind, handed);
    if (handed.after !== null) return { ...next, kind: holding.kind, after: handed.after };
    const following = holdings[nth + 1];
    if (following) return { ...next, kind: following.kind, after: null };
    const again = await this.cameMeanwhile(tx, next);
    if (again !== undefined) return { ...next, kind: again, after: null, kept: { ...next.kept, [again]: 0 } };
    await this.departures.left(tx, row.teamId, row.fromUserId);
    return { ...next, finishedAt: at };
  }

  /** A kind of which they hold more than the heir could not take: something older was given to them, or opened again. */
  private async cameMeanwhile(tx: Tx, { teamId, fromUserId, kept }: HandOver): Promise<string | undefined> {
    for (const holding of this.departures.holdings) {
      if ((await holding.count(tx, teamId, fromUserId)) > (kept[holding.kind] ?? 0)) return holding.kind;
    }
    return undefined;
  }
}

/** Both are held until the transaction ends: neither comes back nor leaves while a batch moves. */
async function whyStopped(tx: Tx, row: HandOver): Promise<{ reason: string; left: boolean } | undefined> {
  const rows = await tx.query<{ id: string; active: boolean }>(
    'SELECT id, active FROM users WHERE team_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR SHARE',
    [row.teamId, [row.fromUserId, row.toUserId]],
  );
  const isActive = (id: string) => rows.some((user) => user.id === id && user.active);
  if (isActive(row.fromUserId)) return { reason: 'They were activated again: the rest stays theirs.', left: false };
  if (!isActive(row.toUserId)) return { reason: 'Who takes over was deactivated: choose somebody else.', left: true };
  return undefined;
}

/** Pure: the counts after a batch. */
function counted(row: HandOver, kind: string, { moved, kept, keptBecause }: Handed): HandOver {
  const plus = (counts: Record<string, number>, more: number) => ({ ...counts, [kind]: (counts[kind] ?? 0) + more });
  return {
    ...row,
    moved: plus(row.moved, moved),
    kept: plus(row.kept, kept),
    keptBecause: row.keptBecause ?? keptBecause,
  };
}
