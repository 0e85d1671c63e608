import { Injectable, type Type } from '@nestjs/common';
import type { InjectionToken } from '@nestjs/common';
import type { Tx } from '../../src/platform/database/transactions.js';
import { LaneLease } from '../../src/platform/pipelines/lane-lease.js';
import type { WriteRequest } from '../../src/salesforce/client/salesforce-client.js';
import { SalesforceClients } from '../../src/salesforce/client/salesforce-clients.js';
import { OrgLoop } from '../../src/salesforce/org-loop/org-loop.js';
import { Links } from '../../src/salesforce/task-sync/links.repository.js';
import { KEY_FIELD } from '../../src/salesforce/task-sync/org-schema.js';
import { PageApplier } from '../../src/salesforce/task-sync/page-applier.js';
import { Pull } from '../../src/salesforce/task-sync/pull.js';
import { PushReader } from '../../src/salesforce/task-sync/push-reader.js';
import type { TaskRecord } from '../../src/salesforce/task-sync/remote-task.js';
import { type Pair, TaskMerger } from '../../src/salesforce/task-sync/task-merger.js';
import { ObservedClients } from './observed.js';

/** The product without one of its safeguards, to prove that the model would notice. */
export const SAFEGUARDS = [
  'sent',
  'key',
  'overlap',
  'lock order',
  'lease check',
  'read before write',
  'enrol first',
  'settle first',
] as const;
export type Safeguard = (typeof SAFEGUARDS)[number];

/** What a call carries is not stored before it. */
@Injectable()
class ForgetfulLinks extends Links {
  override update(...[tx, teamId, updates, at]: Parameters<Links['update']>): Promise<void> {
    // Marked again instead, or a crash would also lose the work itself.
    const forgotten = updates.map((update) =>
      update.sent ? { ...update, sent: null, doubts: null, due: 'due' as const } : { ...update, doubts: null },
    );
    return super.update(tx, teamId, forgotten, at);
  }
}

/** Creates carry no unique key. */
@Injectable()
class KeylessClients extends ObservedClients {
  protected override altered(request: WriteRequest): WriteRequest {
    if (request.op !== 'create') return request;
    const { [KEY_FIELD]: _key, ...fields } = request.fields;
    return { ...request, fields };
  }
}

/** A pull begins exactly where the last one ended. */
@Injectable()
class ImpatientPull extends Pull {
  protected override overlapMs(): number {
    return 0;
  }
}

/** The merge takes links before their tasks, against everybody else's order. */
@Injectable()
class BackwardsMerger extends TaskMerger {
  override async merge(...args: Parameters<TaskMerger['merge']>): ReturnType<TaskMerger['merge']> {
    const [tx, { teamId }, , pairs] = args;
    const ids = pairs.map(({ taskId }) => taskId);
    await tx.query('SELECT 1 FROM task_links WHERE team_id = $1 AND task_id = ANY($2::uuid[]) FOR NO KEY UPDATE', [
      teamId,
      ids,
    ]);
    return super.merge(...args);
  }
}

/** A worker that lost its lease goes on. */
@Injectable()
class UncheckedLoop extends OrgLoop {
  protected override async context(...args: Parameters<OrgLoop['context']>): ReturnType<OrgLoop['context']> {
    const org = await super.context(...args);
    const client = await this.clients.for(org.teamId);
    const lease = Object.create(org.lease) as LaneLease;
    lease.check = () => Promise.resolve();
    lease.renew = () => Promise.resolve();
    return { ...org, lease, client };
  }
}

/** What was agreed on last is taken for what is there now. */
@Injectable()
class BlindReader extends PushReader {
  override async read(...[org, links]: Parameters<PushReader['read']>): Promise<Pair[]> {
    const known = links.filter((link) => link.base && link.salesforceId && !link.deletedThere && !link.sent);
    const read = await super.read(
      org,
      links.filter((link) => !known.includes(link)),
    );
    const assumed = known.map(({ taskId, salesforceId, base }): Pair => {
      const remote = {
        ...base?.there,
        Id: salesforceId ?? '',
        IsClosed: base?.there.Status === 'Completed',
        IsDeleted: false,
        IsArchived: false,
        LastModifiedById: org.client.integrationUserId,
        LastModifiedDate: new Date(0).toISOString(),
        SystemModstamp: new Date(0).toISOString(),
      } as TaskRecord;
      return { taskId, salesforceId, remote };
    });
    return [...read, ...assumed];
  }
}

/** The pull overlooks reps whose first-time sync has not ended. */
@Injectable()
class LateEnrolmentApplier extends PageApplier {
  override async apply(...args: Parameters<PageApplier['apply']>): ReturnType<PageApplier['apply']> {
    const [tx, org, schema, rows, mode] = args;
    if (mode === 'first') return super.apply(...args);
    const reading = await readingOwners(tx, org.teamId);
    return super.apply(
      tx,
      org,
      schema,
      rows.filter((row) => !reading.has(row.OwnerId)),
      mode,
    );
  }
}

async function readingOwners(tx: Tx, teamId: string): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string }>(
    `SELECT salesforce_user_id AS id FROM task_sync_enrolments WHERE team_id = $1 AND state IN ('queued', 'reading')`,
    [teamId],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Whoever takes the org over does not look for what the last one left in doubt. */
@Injectable()
class UnsettledLoop extends OrgLoop {
  override settleFirst(): void {
    // Nobody is asked.
  }
}

const WITHOUT: Record<Safeguard, readonly [InjectionToken, Type]> = {
  sent: [Links, ForgetfulLinks],
  key: [SalesforceClients, KeylessClients],
  overlap: [Pull, ImpatientPull],
  'lock order': [TaskMerger, BackwardsMerger],
  'lease check': [OrgLoop, UncheckedLoop],
  'read before write': [PushReader, BlindReader],
  'enrol first': [PageApplier, LateEnrolmentApplier],
  'settle first': [OrgLoop, UnsettledLoop],
};

/** What to put into the application so that it runs without a safeguard. */
export function without(safeguard: Safeguard): readonly [InjectionToken, Type] {
  return WITHOUT[safeguard];
}
