import { Injectable } from '@nestjs/common';
import { Audit } from '../../../accounts/audit/audit.js';
import { Clock } from '../../../platform/clock/clock.js';
import { type Tx, Transactions } from '../../../platform/database/transactions.js';
import { ProductError } from '../../../platform/errors/product-error.js';
import { WakeUps } from '../../../platform/pipelines/wake-ups.js';
import { forCaller } from '../../client/product-error.js';
import { SalesforceClients } from '../../client/salesforce-clients.js';
import { SALESFORCE_ORG } from '../../org-loop/org-loop.js';
import { OrgStates } from '../../org-loop/org-states.repository.js';
import { absenceWords } from './absence-words.js';
import { type Absence, type Alarm, Alarms } from './alarms.repository.js';
import { seesAllData } from './view-all-data.js';

/** How long after an alarm the same records are looked for again. */
export const ALARM_REST_MS = 15 * 60_000;

/** Alarms on improbable absence: raised by whoever reads by id, decided by a person. */
@Injectable()
export class AlarmService {
  constructor(
    private readonly alarms: Alarms,
    private readonly clients: SalesforceClients,
    private readonly states: OrgStates,
    private readonly wakeUps: WakeUps,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  async raise(tx: Tx, teamId: string, absence: Absence): Promise<void> {
    const now = this.clock.now();
    await this.alarms.raise(tx, teamId, absence, now, new Date(now.getTime() + ALARM_REST_MS));
  }

  /**
   * A person says: these were deleted for good. `shown`: how many they were told of; more since then are not confirmed
   * with them.
   */
  async confirm(teamId: string, id: string, actor: string, shown: number | undefined): Promise<void> {
    const before = await this.alarms.find(teamId, id);
    refuseUnlessOpen(before);
    const client = await this.clients.for(teamId);
    const seesAll = await forCaller(() => seesAllData(client));
    const refusal = await this.transactions.run(async (tx) => {
      const alarm = await this.alarms.lock(tx, teamId, id);
      refuseUnlessOpen(alarm);
      await this.alarms.write(tx, teamId, id, { seesAll });
      if (seesAll === false) return noSight({ ...alarm, seesAll });
      if (shown !== undefined && shown !== alarm.absent) {
        throw new ProductError(
          'conflict',
          `The alarm is about ${alarm.absent} tasks by now. Read it again, then decide.`,
        );
      }
      await this.alarms.confirmHeld(tx, teamId, id);
      await this.decide(tx, teamId, alarm, 'confirmed', actor);
      return undefined;
    });
    if (refusal) throw refusal;
  }

  /** A person says: look again. Nothing is deleted; what is still missing opens the alarm again. */
  async dismiss(teamId: string, id: string, actor: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const alarm = await this.alarms.lock(tx, teamId, id);
      refuseUnlessOpen(alarm);
      await this.decide(tx, teamId, alarm, 'dismissed', actor);
    });
  }

  private async decide(tx: Tx, teamId: string, { id, absent }: Alarm, state: 'confirmed' | 'dismissed', actor: string) {
    const now = this.clock.now();
    const target = { type: 'sync_alarm', id };
    const details = { absent };
    await this.audit.record(tx, { teamId, actor, action: `salesforce.alarm_${state}`, target, details });
    await this.alarms.write(tx, teamId, id, {
      state,
      lookAt: now,
      lookAfter: null,
      decidedBy: actor,
      decidedAt: now,
    });
    const org = await this.states.laneOfTeam(teamId, tx);
    if (org) this.wakeUps.wakeAfterCommit(tx, SALESFORCE_ORG, org.connectionId);
  }
}

function refuseUnlessOpen(alarm: Alarm | undefined): asserts alarm is Alarm {
  if (!alarm) throw new ProductError('not_found', 'There is no alarm of that id.');
  if (alarm.state !== 'open') throw new ProductError('conflict', 'This alarm is not open any more.');
}

function noSight(alarm: Alarm): ProductError {
  const { sentence, advice } = absenceWords(alarm);
  return new ProductError('conflict', `${sentence} So it cannot be said that they were deleted. ${advice}`);
}
