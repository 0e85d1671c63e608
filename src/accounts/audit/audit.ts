import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../../platform/clock/clock.js';
import type { Tx } from '../../platform/database/transactions.js';
import { AuditEntry } from './audit-entry.entity.js';

export interface AuditedAct {
  teamId: string;
  /** `user:<id>`, `key:<id>` or `operator`. */
  actor: string;
  action: string;
  target?: { type: string; id: string };
  /** What changed, without any secret. */
  details?: Record<string, unknown>;
}

/** Writes down what is done with rights over others, in the transaction that does it: neither is there without the other. */
@Injectable()
export class Audit {
  constructor(private readonly clock: Clock) {}

  async record(tx: Tx, { teamId, actor, action, target, details = {} }: AuditedAct): Promise<void> {
    const at = { teamId, id: uuidv7(), at: this.clock.now() };
    const of = { targetType: target?.type ?? null, targetId: target?.id ?? null };
    await tx.manager.insert(AuditEntry, { ...at, ...of, actor, action, details: { ...details } as object });
  }
}
