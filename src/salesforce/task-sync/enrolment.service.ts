import { Injectable } from '@nestjs/common';
import { Audit, type AuditedAct } from '../../accounts/audit/audit.js';
import { Clock } from '../../platform/clock/clock.js';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { WakeUps } from '../../platform/pipelines/wake-ups.js';
import { SALESFORCE_ORG } from '../org-loop/org-loop.js';
import type { OrgLane } from '../org-loop/org-context.js';
import { OrgStates } from '../org-loop/org-states.repository.js';
import { type Enrolment, Enrolments } from './enrolments.repository.js';
import { ReconcileDemand } from './reconcile/reconcile-demand.js';
import { Runs } from './runs.repository.js';
import type { SyncScope } from './task-sync-settings.entity.js';

export interface SettingChange {
  userIds: readonly string[];
  enabled: boolean;
  scope?: SyncScope;
  locked?: boolean;
}

/** Whose doing it is: a rep's own, an admin's (as the audit log names them), or that somebody leaves. */
type By = 'rep' | 'departure' | { admin: string };

export type SettingResult = { userId: string; ok: true } | { userId: string; ok: false; error: ProductError };

// The first pull begins this long before the enrolment: what is committed around it is met twice rather than never.
const CURSOR_BACK_MS = 5 * 60_000;

/** The task sync setting of each rep: on starts the first-time sync at once, off freezes. */
@Injectable()
export class EnrolmentService {
  constructor(
    private readonly enrolments: Enrolments,
    private readonly states: OrgStates,
    private readonly runs: Runs,
    private readonly reconcile: ReconcileDemand,
    private readonly wakeUps: WakeUps,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** A result for each user; one that cannot be turned on stops none of the others. `actor`: who, where an admin does it. */
  async change(teamId: string, change: SettingChange, by: By): Promise<SettingResult[]> {
    return this.transactions.run((tx) => this.changeIn(tx, teamId, change, by));
  }

  /** Who leaves the team syncs no more: as if turned off, also where it was locked. */
  async leave(tx: Tx, teamId: string, userId: string): Promise<void> {
    const present = await this.enrolments.lock(tx, teamId, [userId]);
    if (!isOn(present.get(userId))) return;
    await this.changeIn(tx, teamId, { userIds: [userId], enabled: false }, 'departure');
  }

  private async changeIn(tx: Tx, teamId: string, change: SettingChange, by: By): Promise<SettingResult[]> {
    const org = await this.states.hold(tx, teamId);
    if (!org) throw new ProductError('salesforce_not_connected');
    const userIds = [...new Set(change.userIds)].sort();
    const present = await this.enrolments.lock(tx, teamId, userIds);
    const matches = await this.matches(tx, teamId, userIds);
    const scope = change.scope ?? (await this.teamScope(tx, teamId));
    const now = this.clock.now();

    const results: SettingResult[] = [];
    const saved: Enrolment[] = [];
    for (const userId of userIds) {
      const before = present.get(userId);
      const match = matches.get(userId);
      const error = refusal(before, match, by, change);
      if (error) {
        results.push({ userId, ok: false, error });
        continue;
      }
      results.push({ userId, ok: true });
      const salesforceUserId = match?.salesforceUserId ?? before?.salesforceUserId;
      // Turning off what was never on: nothing to keep, unless it is to be locked.
      if (!salesforceUserId) continue;
      const next = nextEnrolment(before, { userId, salesforceUserId, scope, change, now });
      if (next) saved.push(next);
    }
    await this.enrolments.save(tx, teamId, saved);
    await this.follow(tx, org, saved, present, now);
    if (typeof by !== 'string')
      await this.audit.recordAll(
        tx,
        saved.flatMap((row) => settingAct(teamId, by.admin, present.get(row.userId), row)),
      );
    return results;
  }

  /** Ends a first-time sync; what it has imported stays, and the ongoing sync goes on. */
  async cancelRun(teamId: string, runId: string, actor: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const rows = await tx.query(
        `UPDATE task_sync_enrolments SET state = 'cancelled' WHERE team_id = $1 AND run_id = $2 AND state = 'reading'
         RETURNING user_id`,
        [teamId, runId],
      );
      if (rows.length === 0) throw new ProductError('not_found', 'No first-time sync of that id is running.');
      await this.runs.finish(tx, teamId, runId, 'cancelled', this.clock.now());
      const target = { type: 'sync_run', id: runId };
      await this.audit.record(tx, { teamId, actor, action: 'salesforce.run_cancelled', target });
    });
  }

  /**
   * Looks in Salesforce at once instead of at the next poll; also the schema, which an admin may just have mended.
   * What the org or the API budget holds back stays held back.
   */
  async syncNow(teamId: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const org = await this.states.laneOfTeam(teamId, tx);
      if (!org) throw new ProductError('salesforce_not_connected');
      await this.states.write(tx, org, { nextPullAt: this.clock.now(), orgSchemaAt: null });
      this.wakeUps.wakeAfterCommit(tx, SALESFORCE_ORG, org.connectionId);
    });
  }

  private async follow(
    tx: Tx,
    org: OrgLane,
    saved: readonly Enrolment[],
    before: ReadonlyMap<string, Enrolment>,
    now: Date,
  ): Promise<void> {
    const wasOn = (row: Enrolment) => isOn(before.get(row.userId));
    const begins = (row: Enrolment) => row.state === 'queued' && before.get(row.userId)?.state !== 'queued';
    const on = saved.filter(begins).map((row) => row.userId);
    const off = saved.filter((row) => !isOn(row) && wasOn(row)).map((row) => row.userId);
    if (on.length > 0) {
      await this.enrolments.freeze(tx, org.teamId, on, false);
      // Enrolled before the first query: from here on the pull sees what this rep's first-time sync might miss.
      await tx.query(
        `UPDATE salesforce_org_states SET pull_cursor = coalesce(pull_cursor, $3), next_pull_at = coalesce(next_pull_at, $4)
         WHERE team_id = $1 AND connection_id = $2`,
        [org.teamId, org.connectionId, new Date(now.getTime() - CURSOR_BACK_MS), now],
      );
      await this.reconcile.begin(tx, org, now);
      this.wakeUps.wakeAfterCommit(tx, SALESFORCE_ORG, org.connectionId);
    }
    if (off.length > 0) {
      await this.enrolments.freeze(tx, org.teamId, off, true);
      const readBy = off.flatMap((userId) => before.get(userId)?.runId ?? []);
      await this.runs.cancelUnread(tx, org.teamId, [...new Set(readBy)], now);
      if (!(await this.enrolments.anybody(tx, org.teamId))) {
        // Nobody syncs: no polls. The next one on begins anew, and its linked tasks are merged one by one.
        await this.states.write(tx, org, { nextPullAt: null, pullCursor: null, pullPosition: null });
        await this.reconcile.stop(tx, org, now);
      }
    }
  }

  private async matches(tx: Tx, teamId: string, userIds: readonly string[]) {
    const rows = await tx.query<{ userId: string; salesforceUserId: string | null }>(
      `SELECT u.id AS "userId", m.salesforce_user_id AS "salesforceUserId" FROM users u
       LEFT JOIN salesforce_user_matches m ON m.team_id = u.team_id AND m.user_id = u.id
       WHERE u.team_id = $1 AND u.id = ANY($2::uuid[])`,
      [teamId, userIds],
    );
    return new Map(rows.map((row) => [row.userId, row]));
  }

  private async teamScope(tx: Tx, teamId: string): Promise<SyncScope> {
    const [row] = await tx.query<{ scope: SyncScope }>('SELECT scope FROM task_sync_settings WHERE team_id = $1', [
      teamId,
    ]);
    return row?.scope ?? 'due';
  }
}

function isOn(enrolment: Enrolment | undefined): boolean {
  return enrolment !== undefined && enrolment.state !== 'off';
}

/** What an admin did with somebody's setting; nothing where it was so already. */
function settingAct(teamId: string, actor: string, before: Enrolment | undefined, after: Enrolment): AuditedAct[] {
  const told = (row: Enrolment | undefined) => ({
    ...{ enabled: isOn(row), scope: row?.scope ?? null, locked: row?.locked ?? false },
  });
  const [from, to] = [told(before), told(after)];
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  const target = { type: 'user', id: after.userId };
  return [{ teamId, actor, action: 'salesforce.user_sync_changed', target, details: { from, to } }];
}

function refusal(
  before: Enrolment | undefined,
  match: { salesforceUserId: string | null } | undefined,
  by: By,
  change: SettingChange,
): ProductError | undefined {
  if (!match) return new ProductError('not_found', 'There is no such user in your team.');
  if (by === 'rep' && before?.locked) return new ProductError('sync_setting_locked');
  if (change.enabled && !match.salesforceUserId) {
    return new ProductError(
      'conflict',
      'This user is not matched with a Salesforce user yet. Match them under Salesforce → Reps, then turn the sync on.',
    );
  }
  return undefined;
}

function nextEnrolment(
  before: Enrolment | undefined,
  input: { userId: string; salesforceUserId: string; scope: SyncScope; change: SettingChange; now: Date },
): Enrolment | undefined {
  const { userId, salesforceUserId, scope, change, now } = input;
  const locked = change.locked ?? before?.locked ?? false;
  if (!change.enabled) {
    if (!before && !locked) return undefined;
    const off = { userId, salesforceUserId, state: 'off' as const, locked, runId: null };
    if (!before) return { ...off, scope, enrolledAt: now, turnedOffAt: null };
    return { ...before, ...off, turnedOffAt: before.state === 'off' ? before.turnedOffAt : now };
  }
  if (before && isOn(before)) {
    const kept = { ...before, locked, scope: change.scope ?? before.scope };
    // Its first-time sync was cancelled, and is asked for again: the rest comes.
    return before.state === 'cancelled' ? { ...kept, state: 'queued', runId: null } : kept;
  }
  return { userId, salesforceUserId, state: 'queued', locked, scope, enrolledAt: now, turnedOffAt: null, runId: null };
}
