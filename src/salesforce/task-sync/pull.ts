import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { Backlog } from '../../platform/pipelines/pipeline.js';
import { dateTimeLiteral, quote } from '../client/soql.js';
import type { OrgContext, OrgWork, Turn } from '../org-loop/org-context.js';
import type { PullPosition } from '../org-loop/org-state.entity.js';
import { type LaneState, OrgStates } from '../org-loop/org-states.repository.js';
import { OrgSchemas } from './org-schema.service.js';
import { PageApplier } from './page-applier.js';
import { ReconcileDemand } from './reconcile/reconcile-demand.js';
import { RemoteNames } from './remote-names.js';
import { readFields, type TaskRecord } from './remote-task.js';
import { addCounts, type Counts, Runs } from './runs.repository.js';

// Stamps are whole seconds and a late commit appears below the cursor: read again this far back …
const OVERLAP_MS = 60_000;
// … and every tenth time this far.
const DEEP_OVERLAP_MS = 15 * 60_000;
const DEEP_EVERY = 10;
/**
 * Salesforce tells of deletions for 15 days, as long as its bin keeps them. An older cursor is given up: the pull
 * begins anew from now, and everything is compared.
 */
const CURSOR_LIFE_MS = 14 * 24 * 3_600_000;
/** No pull is planned so far ahead: our clock was set back since. */
const CLOCK_WENT_BACK_MS = 15 * 60_000;
/** How long a due pull may wait behind people's changes. */
const PATIENCE_MS = 10_000;

/**
 * Reads what changed in Salesforce, one poll for the whole org whatever the number of reps: Tasks by
 * (SystemModstamp, Id) from a little before the cursor. Rows and position are committed together; the cursor moves
 * at the end of a pull, and never past the org's time at its start.
 */
@Injectable()
export class Pull implements OrgWork {
  readonly name = 'pull';
  /** Rows in a page: as many as Salesforce answers at once. */
  protected readonly pageRows: number = 2_000;

  constructor(
    private readonly states: OrgStates,
    private readonly schemas: OrgSchemas,
    private readonly names: RemoteNames,
    private readonly applier: PageApplier,
    private readonly reconcile: ReconcileDemand,
    private readonly runs: Runs,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async dueLanes(now: Date, limit: number): Promise<string[]> {
    const rows = await this.transactions.query<{ id: string }>(
      `SELECT connection_id AS id FROM salesforce_org_states
       WHERE next_pull_at <= $1 OR next_pull_at > $3 ORDER BY next_pull_at LIMIT $2`,
      [now, limit, new Date(now.getTime() + CLOCK_WENT_BACK_MS)],
    );
    return rows.map(({ id }) => id);
  }

  async backlog(now: Date): Promise<Omit<Backlog, 'work'>> {
    const [row] = await this.transactions.query<{ due: string; oldest: Date | null }>(
      `SELECT count(*) AS due, min(s.next_pull_at) AS oldest FROM salesforce_org_states s
       JOIN salesforce_connections c ON c.team_id = s.team_id AND c.id = s.connection_id
       WHERE s.next_pull_at <= $1 AND c.status = 'connected' AND NOT c.paused`,
      [now],
    );
    return { due: Number(row?.due ?? 0), oldest: row?.oldest ?? null };
  }

  turn({ nextPullAt }: LaneState, now: Date): Promise<Turn | null> {
    if (!nextPullAt) return Promise.resolve(null);
    const at = nextPullAt.getTime() - now.getTime() > CLOCK_WENT_BACK_MS ? now : nextPullAt;
    return Promise.resolve({ readyAt: at, deadline: new Date(at.getTime() + PATIENCE_MS) });
  }

  async slice(org: OrgContext): Promise<void> {
    const started = this.clock.now();
    const callsBefore = org.client.calls.total;
    const state = await this.states.read(org);
    const schema = await this.schemas.get(org);
    const nowThere = new Date(started.getTime() + state.clockSkewMs);
    const known = state.pullCursor ?? started;
    const tooOld = nowThere.getTime() - known.getTime() > CURSOR_LIFE_MS;
    const position = tooOld ? null : state.pullPosition;
    const cursor = tooOld ? new Date(nowThere.getTime() - DEEP_OVERLAP_MS) : known;
    const from = position?.from ?? iso(new Date(cursor.getTime() - this.overlapMs(state.pullsDone)));

    const { records, orgTime, skewMs } = await org.client.page<TaskRecord>(
      `SELECT ${readFields(schema.keyField !== 'missing').join(', ')} FROM Task WHERE ${after(from, position)}
       ORDER BY SystemModstamp, Id LIMIT ${this.pageRows}`,
      { purpose: 'pull', deletedToo: true },
    );
    const names = await this.names.read(org, records);
    const full = records.length === this.pageRows;
    const last = records.at(-1);
    await this.transactions.run(async (tx) => {
      await org.lease.check(tx);
      let counts: Counts = {};
      if (records.length > 0) {
        await this.names.store(tx, org.teamId, names);
        counts = await this.applier.apply(tx, org, schema, records, 'pull');
      }
      const startedAt = position?.startedAt ?? orgTime.toISOString();
      const now = this.clock.now();
      // Set by our clock at an enrolment, and that was ahead of the org's: the pull looked into the future. Once more,
      // from the org's own time and a good way back.
      const ahead = cursor.getTime() > Date.parse(startedAt);
      if (full && last) {
        const next: PullPosition = { from, startedAt, afterStamp: last.SystemModstamp, afterId: last.Id };
        await this.states.write(tx, org, { pullPosition: next, ...(tooOld && { pullCursor: cursor }) });
      } else {
        await this.states.write(tx, org, {
          pullPosition: null,
          pullCursor: ahead ? new Date(Date.parse(startedAt) - DEEP_OVERLAP_MS) : new Date(startedAt),
          pullsDone: state.pullsDone + 1,
          nextPullAt: ahead ? now : new Date(now.getTime() + this.config.get('SALESFORCE_POLL_SECONDS') * 1000),
          lastPullAt: now,
          clockSkewMs: skewOf(skewMs),
        });
      }
      if (tooOld) await this.reconcile.everythingNow(tx, org, now);
      // A poll that met only what was known leaves no trace: most do.
      if ((counts.imported ?? 0) + (counts.linked ?? 0) > 0) {
        await this.runs.record(
          tx,
          org.teamId,
          'pull',
          started,
          now,
          addCounts({}, counts),
          org.client.calls.total - callsBefore,
        );
      }
    });
  }

  /** How far back of the cursor a pull begins. */
  protected overlapMs(pullsDone: number): number {
    return pullsDone % DEEP_EVERY === DEEP_EVERY - 1 ? DEEP_OVERLAP_MS : OVERLAP_MS;
  }
}

function after(from: string, position: PullPosition | null): string {
  if (!position) return `SystemModstamp >= ${dateTimeLiteral(new Date(from))}`;
  const stamp = dateTimeLiteral(new Date(position.afterStamp));
  return `(SystemModstamp > ${stamp} OR (SystemModstamp = ${stamp} AND Id > ${quote(position.afterId)}))`;
}

// The org tells whole seconds, and the answer took its way: less than this is no difference.
const SKEW_NOISE_MS = 3_000;
/** A clock that is wrong by more is no clock; also, the column holds so much. */
const SKEW_MOST_MS = 14 * 24 * 3_600_000;

function skewOf(measured: number): number {
  if (Math.abs(measured) < SKEW_NOISE_MS) return 0;
  return Math.max(-SKEW_MOST_MS, Math.min(SKEW_MOST_MS, Math.round(measured)));
}

function iso(date: Date): string {
  return date.toISOString();
}
