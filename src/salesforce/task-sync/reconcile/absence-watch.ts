import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/clock.js';
import type { Backlog } from '../../../platform/pipelines/pipeline.js';
import { type Tx, Transactions } from '../../../platform/database/transactions.js';
import type { OrgContext, OrgLane, OrgWork, Turn } from '../../org-loop/org-context.js';
import { type Link, Links } from '../links.repository.js';
import { OrgSchemas } from '../org-schema.service.js';
import { PushReader } from '../push-reader.js';
import { RemoteNames } from '../remote-names.js';
import { type Pair, TaskMerger } from '../task-merger.js';
import { ALARM_REST_MS, AlarmService } from './alarm.service.js';
import { type Alarm, Alarms } from './alarms.repository.js';
import { ImprobableAbsenceError } from './improbable-absence.js';
import { ReconcileDemand } from './reconcile-demand.js';

const PAGE = 2_000;
/** How long a due look may wait behind other work. */
const PATIENCE_MS = 60_000;

interface Seen {
  /** Records that are there, and those whose absence a person confirmed. */
  pairs: readonly Pair[];
  missing: ImprobableAbsenceError | null;
}

/**
 * Looks after an alarm, a page a slice:
 *
 *   open ──every 15 min, or dismissed: at once──▶ look by id ──some still missing──▶ open, look again later
 *                                                    └──all seen──▶ over; compare everything, for we were blind
 *   confirmed ──▶ look by id once more ──missing──▶ deleted here, by the rules of any deletion there
 *                                      └──there after all──▶ merged
 */
@Injectable()
export class AbsenceWatch implements OrgWork {
  readonly name = 'absence_watch';

  constructor(
    private readonly alarms: Alarms,
    private readonly service: AlarmService,
    private readonly links: Links,
    private readonly reader: PushReader,
    private readonly schemas: OrgSchemas,
    private readonly names: RemoteNames,
    private readonly merger: TaskMerger,
    private readonly demand: ReconcileDemand,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  dueLanes(now: Date, limit: number): Promise<string[]> {
    return this.alarms.lanesToLook(now, limit);
  }

  backlog(now: Date): Promise<Omit<Backlog, 'work'>> {
    return this.alarms.backlog(now);
  }

  async turn(org: OrgLane): Promise<Turn | null> {
    const at = (await this.alarms.nextLook(org.teamId))?.lookAt;
    return at ? { readyAt: at, deadline: new Date(at.getTime() + PATIENCE_MS) } : null;
  }

  async slice(org: OrgContext): Promise<void> {
    const alarm = await this.alarms.nextLook(org.teamId);
    if (!alarm) return;
    const taskIds = await this.alarms.heldBy(org.teamId, alarm.id, alarm.lookAfter, PAGE);
    if (taskIds.length === 0) return this.endOfLook(org, alarm);
    const links = await this.links.byTaskIds(org.teamId, taskIds);
    if (alarm.state !== 'confirmed') return this.note(org, alarm, await this.look(org, links), taskIds);
    // Off freezes: what was confirmed of such a rep is carried out by the merge when the sync is on again.
    const moving = links.filter((link) => !link.frozen);
    await this.carryOut(org, alarm, await this.look(org, moving), taskIds);
  }

  private async look(org: OrgContext, links: readonly Link[]): Promise<Seen> {
    try {
      return { pairs: await this.reader.read(org, links), missing: null };
    } catch (error) {
      if (!(error instanceof ImprobableAbsenceError)) throw error;
      return { pairs: error.present, missing: error };
    }
  }

  private async carryOut(
    org: OrgContext,
    alarm: Alarm,
    { pairs, missing }: Seen,
    asked: readonly string[],
  ): Promise<void> {
    const schema = await this.schemas.get(org);
    const names = await this.names.read(
      org,
      pairs.flatMap(({ remote }) => (typeof remote === 'string' ? [] : [remote])),
    );
    await this.committing(org, async (tx) => {
      await this.names.store(tx, org.teamId, names);
      await this.merger.merge(tx, org, schema, pairs, 'pull');
      await this.release(tx, org, pairs);
      await this.alarms.write(tx, org.teamId, alarm.id, { lookAfter: asked.at(-1) ?? null });
      // The permission was lost between the confirmation and now: these wait for a person again.
      if (missing) await this.service.raise(tx, org.teamId, missing);
    });
  }

  private async note(org: OrgContext, alarm: Alarm, { pairs, missing }: Seen, asked: readonly string[]): Promise<void> {
    await this.committing(org, async (tx) => {
      const now = this.clock.now();
      const present = await this.alarms.lock(tx, org.teamId, alarm.id);
      // Decided meanwhile: the next slice does what the person said.
      if (present?.state !== alarm.state) return;
      await this.release(tx, org, pairs);
      const blind = missing !== null && pairs.length === 0;
      const after = blind ? null : (asked.at(-1) ?? null);
      const later = new Date(now.getTime() + ALARM_REST_MS);
      await this.alarms.write(tx, org.teamId, alarm.id, { lookAfter: after, lookAt: blind ? later : now });
      if (missing) await this.service.raise(tx, org.teamId, missing);
    });
  }

  /** Every page was looked at. */
  private async endOfLook(org: OrgContext, alarm: Alarm): Promise<void> {
    await this.committing(org, async (tx) => {
      const now = this.clock.now();
      const present = await this.alarms.lock(tx, org.teamId, alarm.id);
      if (present?.state !== alarm.state) return;
      if (alarm.state === 'confirmed') return this.alarms.write(tx, org.teamId, alarm.id, { lookAt: null });
      if (alarm.lookAfter) {
        const later = new Date(now.getTime() + ALARM_REST_MS);
        const left = await this.alarms.heldBy(org.teamId, alarm.id, null, 1);
        await this.alarms.write(tx, org.teamId, alarm.id, { lookAfter: null, lookAt: left.length > 0 ? later : now });
        return;
      }
      await this.alarms.write(tx, org.teamId, alarm.id, { state: 'over', lookAt: null });
      await this.demand.everythingNow(tx, org, now);
    });
  }

  private async release(tx: Tx, org: OrgContext, pairs: readonly Pair[]): Promise<void> {
    const now = this.clock.now();
    const ids = pairs.map(({ taskId }) => taskId);
    await this.alarms.settle(tx, org.teamId, ids, now);
    await this.links.postpone(tx, org.teamId, ids, now);
  }

  private committing(org: OrgContext, work: (tx: Tx) => Promise<void>): Promise<void> {
    return this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      await work(tx);
    });
  }
}
