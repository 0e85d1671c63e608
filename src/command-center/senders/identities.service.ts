import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type Principal, requireUser } from '../../accounts/access.js';
import { Clock } from '../../platform/clock/clock.js';
import { type Reader, Transactions, type Tx, violatedConstraint } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { requireIfMatch } from '../../platform/http/conditions.js';
import { invalidInput } from '../../platform/http/validation.js';
import { ChannelsRepository } from './channels.repository.js';
import type { CreateIdentity, IdentityList, IdentityView, UpdateIdentity } from './identities.dto.js';
import { IdentitiesRepository, type IdentityRow } from './identities.repository.js';
import { CODE_TRIES, CODE_VALID_MS, drawCode, hashOfCode, isCode } from './identity-code.js';

const MOST = 50;
const MISSING = 'There is no such sender address of yours.';

/** The addresses that a rep writes as: everybody's own. */
@Injectable()
export class IdentitiesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly identities: IdentitiesRepository,
    private readonly channels: ChannelsRepository,
    private readonly clock: Clock,
  ) {}

  async list(principal: Principal): Promise<IdentityList> {
    const rows = await this.identities.list(this.transactions, principal.teamId, requireUser(principal));
    return { data: rows.map(viewOf) };
  }

  async get(principal: Principal, id: string): Promise<IdentityView> {
    return viewOf(await this.require(this.transactions, principal, id));
  }

  /** The first one is the default. */
  async create(principal: Principal, input: CreateIdentity): Promise<IdentityView> {
    const { teamId } = principal;
    const userId = requireUser(principal);
    const [id, at] = [uuidv7(), this.clock.now()];
    const { email, name, signature = null, channel_id: channelId = null } = input;
    return refusingDuplicates(() =>
      this.transactions.run(async (tx) => {
        await this.identities.lockUser(tx, teamId, userId);
        if (channelId) await this.requireChannel(tx, principal, channelId);
        if ((await this.identities.list(tx, teamId, userId)).length >= MOST) {
          throw new ProductError('conflict', `One writes as at most ${MOST} addresses: remove one first.`);
        }
        const isDefault = (await this.identities.default(tx, teamId, userId)) === undefined;
        await this.identities.insert(tx, teamId, { id, userId, channelId, email, name, signature, isDefault }, at);
        return viewOf(await this.require(tx, principal, id));
      }),
    );
  }

  async update(
    principal: Principal,
    id: string,
    ifMatch: string | undefined,
    input: UpdateIdentity,
  ): Promise<IdentityView> {
    const { teamId } = principal;
    const userId = requireUser(principal);
    return this.transactions.run(async (tx) => {
      await this.identities.lockUser(tx, teamId, userId);
      const before = await this.require(tx, principal, id);
      requireIfMatch(ifMatch, before.version);
      const { name = before.name, is_default: isDefault = before.isDefault } = input;
      const signature = input.signature === undefined ? before.signature : input.signature;
      const channelId = input.channel_id === undefined ? before.channelId : input.channel_id;
      if (before.isDefault && !isDefault) {
        throw invalidInput([{ field: 'is_default', message: 'cannot be taken back: make another one the default' }]);
      }
      if (channelId && channelId !== before.channelId) await this.requireChannel(tx, principal, channelId);
      if (isDefault && !before.isDefault) await this.identities.noDefault(tx, teamId, userId);
      await this.identities.update(tx, teamId, { id, channelId, name, signature, isDefault }, this.clock.now());
      return viewOf(await this.require(tx, principal, id));
    });
  }

  /** The default one goes last. */
  async remove(principal: Principal, id: string): Promise<void> {
    const { teamId } = principal;
    const userId = requireUser(principal);
    await this.transactions.run(async (tx) => {
      await this.identities.lockUser(tx, teamId, userId);
      const { isDefault } = await this.require(tx, principal, id);
      const others = (await this.identities.list(tx, teamId, userId)).length > 1;
      if (isDefault && others) throw new ProductError('conflict', 'Make another address the default one first.');
      await this.identities.remove(tx, teamId, id, this.clock.now());
    });
  }

  /** A new code for the address, and what it is sent to; an older code is void. */
  async newCode(principal: Principal, id: string): Promise<{ code: string; email: string; name: string }> {
    const code = drawCode();
    return this.transactions.run(async (tx) => {
      const { email, name, verifiedAt } = await this.require(tx, principal, id);
      if (verifiedAt !== null) throw new ProductError('conflict', 'This address is confirmed already.');
      const expiresAt = new Date(this.clock.now().getTime() + CODE_VALID_MS);
      await this.identities.setCode(tx, principal.teamId, id, hashOfCode(id, code), expiresAt);
      return { code, email, name };
    });
  }

  async confirm(principal: Principal, id: string, code: string): Promise<IdentityView> {
    const { teamId } = principal;
    const userId = requireUser(principal);
    // A wrong try is kept, and so is no part of what is refused.
    const confirmed = await this.transactions.run(async (tx) => {
      await this.identities.lockUser(tx, teamId, userId);
      const row = await this.require(tx, principal, id);
      if (row.verifiedAt !== null) return true;
      const open = row.codeHash !== null && row.codeExpiresAt !== null && row.codeExpiresAt > this.clock.now();
      if (!open || row.codeHash === null || row.codeTries >= CODE_TRIES) return false;
      if (isCode(id, code, row.codeHash)) await this.identities.setVerified(tx, teamId, id, this.clock.now());
      else await this.identities.countTry(tx, teamId, id);
      return isCode(id, code, row.codeHash);
    });
    if (!confirmed) {
      throw invalidInput([
        { field: 'code', message: `is not the code of the last mail, or is too old, or was tried ${CODE_TRIES} times` },
      ]);
    }
    return this.get(principal, id);
  }

  private async require(reader: Reader, principal: Principal, id: string): Promise<IdentityRow> {
    const row = await this.identities.byId(reader, principal.teamId, requireUser(principal), id);
    if (!row) throw new ProductError('not_found', MISSING);
    return row;
  }

  private async requireChannel(tx: Tx, principal: Principal, channelId: string): Promise<void> {
    const channel = await this.channels.holdById(tx, principal.teamId, channelId);
    if (channel && (channel.ownerId === null || channel.ownerId === principal.userId)) return;
    throw invalidInput([{ field: 'channel_id', message: 'is no channel of the team or of your own' }]);
  }
}

function viewOf(row: IdentityRow): IdentityView {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    signature: row.signature,
    channel_id: row.channelId,
    is_default: row.isDefault,
    verified_at: row.verifiedAt,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    version: row.version,
  };
}

async function refusingDuplicates<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violatedConstraint(error) !== 'uq_identities_email') throw error;
    throw new ProductError('conflict', 'You write as this address already.', [{ field: 'email', message: 'is taken' }]);
  }
}
