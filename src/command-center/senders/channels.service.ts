import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../accounts/access.js';
import { Audit } from '../../accounts/audit/audit.js';
import { differences } from '../../accounts/audit/differences.js';
import { userNames } from '../../accounts/names.js';
import { Clock } from '../../platform/clock/clock.js';
import { type Reader, Transactions, type Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { requireIfMatch } from '../../platform/http/conditions.js';
import { invalidInput } from '../../platform/http/validation.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import type { MailProvider } from './channel-grant.entity.js';
import { ChannelGrants, type GrantTokens } from './channel-grants.repository.js';
import type { ChannelSecurity } from './delivery-channel.entity.js';
import { ChannelListeners } from './channel-listeners.js';
import { afterEdit, newChannel, needsPasswordAnew, requireOwnServer, requireSound } from './channel-values.js';
import { viewOf } from './channel-view.js';
import type { ChannelList, ChannelView, CreateChannel, UpdateChannel } from './channels.dto.js';
import { type ChannelRow, ChannelsRepository } from './channels.repository.js';
import { HostPolicySource } from './host-policy-source.js';

/** As its provider tells of it. */
export interface ConnectedMailbox {
  provider: MailProvider;
  address: string;
  /** The team's, not the caller's own. */
  forTeam: boolean;
  tokens: GrantTokens;
  name: string;
  host: string;
  port: number;
  security: ChannelSecurity;
  connections: number;
  perMinute: number | null;
  perDay: number;
}

const MISSING = 'There is no such delivery channel, or it is somebody else’s.';
const SERVER = ['name', 'host', 'port', 'security', 'username', 'returnPathDomain'] as const;
const RATES = ['connections', 'perSecond', 'perMinute', 'perDomainPerMinute', 'perDay'] as const;
const RESTS = ['batchSize', 'batchWaitSeconds', 'gapMinMs', 'gapMaxMs'] as const;

/** What a channel's password is sealed with: it does not open in another row. */
export const channelContext = (id: string): string => `delivery_channel:${id}`;

@Injectable()
export class ChannelsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly channels: ChannelsRepository,
    private readonly grants: ChannelGrants,
    private readonly listeners: ChannelListeners,
    private readonly policy: HostPolicySource,
    private readonly secrets: SecretBox,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async list(principal: Principal): Promise<ChannelList> {
    const everybody = principal.role === 'admin' ? null : principal.userId;
    const rows = await this.channels.list(this.transactions, principal.teamId, everybody);
    return { data: await this.views(this.transactions, principal.teamId, rows) };
  }

  async get(principal: Principal, id: string): Promise<ChannelView> {
    const row = requireVisible(principal, await this.channels.byId(this.transactions, principal.teamId, id));
    return this.view(this.transactions, principal.teamId, row);
  }

  /** One that the caller's own emails may go out by: not a teammate's, whose log-in is theirs alone. */
  async requireUsable(principal: Principal, id: string): Promise<ChannelView> {
    const view = await this.get(principal, id);
    if (view.owner === null || view.owner.id === principal.userId) return view;
    throw new ProductError('forbidden', 'This channel is somebody else’s: they test it themselves.');
  }

  async create(principal: Principal, input: CreateChannel): Promise<ChannelView> {
    const { teamId, userId } = principal;
    const ownerId = input.team === true ? null : userId;
    if (input.team === true && principal.role !== 'admin') {
      throw new ProductError('forbidden', 'Only admins set up a channel of the team.');
    }
    if (input.team !== true && userId === null) {
      throw invalidInput([{ field: 'team', message: 'must be true: a key of the team is nobody with an own channel' }]);
    }
    const values = newChannel(input);
    requireSound(values, this.policy.policy);
    const [id, at] = [uuidv7(), this.clock.now()];
    const passwordSealed = this.seal(id, input.password ?? null);
    return this.transactions.run(async (tx) => {
      await this.channels.insert(tx, teamId, id, { values, ownerId, passwordSealed }, at);
      if (ownerId === null) await this.tell(tx, principal, id, 'channel.created', { host: values.host });
      return this.viewById(tx, teamId, id);
    });
  }

  async update(
    principal: Principal,
    id: string,
    ifMatch: string | undefined,
    input: UpdateChannel,
  ): Promise<ChannelView> {
    const { teamId } = principal;
    const at = this.clock.now();
    return this.transactions.run(async (tx) => {
      const before = requireEditable(principal, await this.channels.lock(tx, teamId, id));
      requireIfMatch(ifMatch, before.version);
      if (before.provider !== null) requireOwnServer(input);
      const values = afterEdit(before, input);
      requireSound(values, this.policy.policy);
      if (input.password === undefined && before.passwordSealed !== null && needsPasswordAnew(before, values)) {
        throw invalidInput([
          { field: 'password', message: 'is needed anew when the server or the log-in changes (null: none)' },
        ]);
      }
      const passwordSealed = input.password === undefined ? before.passwordSealed : this.seal(id, input.password);
      await this.channels.update(tx, teamId, id, { values, passwordSealed }, at);
      await this.beginAnew(tx, teamId, id);
      if (before.ownerId !== principal.userId) {
        const changed = differences(before, { ...before, ...values }, [...SERVER, ...RATES, ...RESTS]);
        await this.tell(tx, principal, id, 'channel.updated', changed);
      }
      return this.viewById(tx, teamId, id);
    });
  }

  /** A mailbox whose owner has said yes at its provider: a new channel, or the one that it has, which goes on. */
  async connect(principal: Principal, mailbox: ConnectedMailbox): Promise<void> {
    const { teamId, userId } = principal;
    const { provider, address, forTeam, tokens, name, host, port, security } = mailbox;
    const { connections, perMinute, perDay } = mailbox;
    const ownerId = forTeam ? null : userId;
    const at = this.clock.now();
    await this.transactions.run(async (tx) => {
      const known = await this.channels.ofMailbox(tx, teamId, { ownerId, provider, address });
      const id = known?.id ?? uuidv7();
      if (!known) {
        const limits = { connections, per_day: perDay, ...(perMinute === null ? {} : { per_minute: perMinute }) };
        const values = newChannel({ name: name.slice(0, 100), host, port, security, username: address, ...limits });
        requireSound(values, this.policy.policy);
        await this.channels.insert(tx, teamId, id, { values, ownerId, passwordSealed: null }, at);
      }
      await this.grants.write(tx, teamId, id, provider, tokens);
      await this.beginAnew(tx, teamId, id);
      if (ownerId === null) await this.tell(tx, principal, id, known ? 'channel.updated' : 'channel.created', { host });
    });
  }

  /** What is being sent is finished, nothing more is begun. */
  async pause(principal: Principal, id: string): Promise<ChannelView> {
    return this.transactions.run(async (tx) => {
      const before = requireEditable(principal, await this.channels.lock(tx, principal.teamId, id));
      if (before.pausedAt === null) await this.setPaused(tx, principal, before, this.clock.now());
      return this.viewById(tx, principal.teamId, id);
    });
  }

  /** Also tries again what the server had refused. */
  async resume(principal: Principal, id: string): Promise<ChannelView> {
    return this.transactions.run(async (tx) => {
      const before = requireEditable(principal, await this.channels.lock(tx, principal.teamId, id));
      if (before.pausedAt !== null || before.stoppedAt !== null) await this.setPaused(tx, principal, before, null);
      await this.beginAnew(tx, principal.teamId, id);
      return this.viewById(tx, principal.teamId, id);
    });
  }

  /** Addresses that go out by it fall back to one's own channel or the team's. */
  async remove(principal: Principal, id: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const before = requireEditable(principal, await this.channels.lock(tx, principal.teamId, id));
      await this.channels.remove(tx, principal.teamId, id, this.clock.now());
      if (before.ownerId !== principal.userId)
        await this.tell(tx, principal, id, 'channel.removed', { host: before.host });
    });
  }

  private async setPaused(tx: Tx, principal: Principal, before: ChannelRow, pausedAt: Date | null): Promise<void> {
    await this.channels.setPaused(tx, principal.teamId, before.id, pausedAt, this.clock.now());
    if (before.ownerId === principal.userId) return;
    await this.tell(tx, principal, before.id, pausedAt ? 'channel.paused' : 'channel.resumed', {});
  }

  /** Whoever sends by it looks again: its limits or its log-in may be other ones now. */
  private async beginAnew(tx: Tx, teamId: string, id: string): Promise<void> {
    await this.channels.beginAnew(tx, teamId, id, this.clock.now());
    await this.listeners.tell(tx, teamId, id);
  }

  private async tell(tx: Tx, principal: Principal, id: string, action: string, details: object): Promise<void> {
    const { teamId, actor } = principal;
    await this.audit.record(tx, { teamId, actor, action, target: { type: 'channel', id }, details: { ...details } });
  }

  private seal(id: string, password: string | null): string | null {
    return password === null ? null : this.secrets.seal(password, channelContext(id));
  }

  private async viewById(reader: Reader, teamId: string, id: string): Promise<ChannelView> {
    const row = await this.channels.byId(reader, teamId, id);
    if (!row) throw new ProductError('not_found', MISSING);
    return this.view(reader, teamId, row);
  }

  private async view(reader: Reader, teamId: string, row: ChannelRow): Promise<ChannelView> {
    const [view] = await this.views(reader, teamId, [row]);
    if (!view) throw new ProductError('not_found', MISSING);
    return view;
  }

  private async views(reader: Reader, teamId: string, rows: readonly ChannelRow[]): Promise<ChannelView[]> {
    const owners = rows.map(({ ownerId }) => ownerId);
    const names = await userNames(reader, teamId, owners);
    const now = this.clock.now();
    return rows.map((row) => viewOf(row, names, now));
  }
}

function requireVisible(principal: Principal, row: ChannelRow | undefined): ChannelRow {
  const visible = row && (principal.role === 'admin' || row.ownerId === null || row.ownerId === principal.userId);
  if (!visible) throw new ProductError('not_found', MISSING);
  return row;
}

function requireEditable(principal: Principal, row: ChannelRow | undefined): ChannelRow {
  const visible = requireVisible(principal, row);
  if (principal.role === 'admin' || visible.ownerId === principal.userId) return visible;
  throw new ProductError('forbidden', 'The team’s channels are the admins’ to change.');
}
