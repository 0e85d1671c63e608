import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../platform/clock/clock.js';
import { Transactions, type Tx } from '../platform/database/transactions.js';
import { ProductError } from '../platform/errors/product-error.js';
import type { Scope } from './access.js';
import { Audit } from './audit/audit.js';
import { ApiKey } from './api-key.entity.js';
import { newKey } from './api-key-text.js';
import { User } from './user.entity.js';

export interface NewApiKey {
  name: string;
  /** Null: a key of the team, with `scopes`. */
  userId: string | null;
  scopes: readonly Scope[];
}

/** Whose keys are meant: one user's, or everybody's and the team's. */
export type KeyOwner = { userId: string } | 'anybody';

@Injectable()
export class ApiKeysService {
  constructor(
    @InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** In order of their making; one more than `limit`, when there is one. */
  async list(teamId: string, owner: KeyOwner, limit: number, afterId: string | null): Promise<ApiKey[]> {
    const where = { teamId, ...ownedBy(owner), ...(afterId !== null && { id: MoreThan(afterId) }) };
    return this.keys.find({ where, order: { id: 'ASC' }, take: limit + 1 });
  }

  async create(teamId: string, input: NewApiKey, actor: string): Promise<{ key: ApiKey; text: string }> {
    return this.transactions.run(async (tx) => {
      const made = await this.createIn(tx, teamId, input);
      const { name, userId, scopes } = input;
      const target = { type: 'api_key', id: made.key.id };
      const details = { name, user_id: userId, scopes: [...scopes] };
      await this.audit.record(tx, { teamId, actor, action: 'api_key.created', target, details });
      return made;
    });
  }

  async createIn(tx: Tx, teamId: string, input: NewApiKey): Promise<{ key: ApiKey; text: string }> {
    if (input.userId !== null) await requireActive(tx, teamId, input.userId);
    const { text, prefix, hash } = newKey();
    const unused = { createdAt: this.clock.now(), lastUsedAt: null, revokedAt: null };
    const { name, userId } = input;
    const scopes = [...input.scopes];
    const key = tx.manager.create(ApiKey, { teamId, id: uuidv7(), userId, name, prefix, hash, scopes, ...unused });
    await tx.manager.insert(ApiKey, key);
    return { key, text };
  }

  /** From now on it opens nothing. Revoking again changes nothing. */
  async revoke(teamId: string, owner: KeyOwner, id: string, actor: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const lock = { mode: 'for_no_key_update' } as const;
      const key = await tx.manager.findOne(ApiKey, { where: { teamId, id, ...ownedBy(owner) }, lock });
      if (!key) throw new ProductError('not_found', 'There is no such API key.');
      if (key.revokedAt !== null) return;
      await tx.manager.update(ApiKey, { teamId, id }, { revokedAt: this.clock.now() });
      const target = { type: 'api_key', id };
      const details = { name: key.name, user_id: key.userId };
      await this.audit.record(tx, { teamId, actor, action: 'api_key.revoked', target, details });
    });
  }
}

function ownedBy(owner: KeyOwner): { userId?: string } {
  return owner === 'anybody' ? {} : { userId: owner.userId };
}

async function requireActive(tx: Tx, teamId: string, userId: string): Promise<void> {
  const user = await tx.manager.findOneBy(User, { teamId, id: userId });
  const fields = [{ field: 'user_id', message: 'must be the id of an active user of the team' }];
  if (!user) throw new ProductError('invalid_input', 'There is no such user in the team.', fields);
  if (!user.active) throw new ProductError('conflict', 'This user is not active: a key would open nothing.', fields);
}
