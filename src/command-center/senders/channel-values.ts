import type { FieldError } from '../../platform/errors/product-error.js';
import { invalidInput } from '../../platform/http/validation.js';
import type { CreateChannel, UpdateChannel } from './channels.dto.js';
import type { ChannelSecurity } from './delivery-channel.entity.js';
import { type HostPolicy, hostRefusal } from './smtp-host.js';

/** How fast it may send; null: without that limit. */
export interface ChannelLimits {
  connections: number;
  perSecond: number | null;
  perMinute: number | null;
  perDomainPerMinute: number | null;
  batchSize: number | null;
  batchWaitSeconds: number | null;
  perDay: number | null;
  gapMinMs: number | null;
  gapMaxMs: number | null;
}

/** What a channel is told to be. */
export interface ChannelValues extends ChannelLimits {
  name: string;
  host: string;
  port: number;
  security: ChannelSecurity;
  username: string | null;
  returnPathDomain: string | null;
}

const UNLIMITED: ChannelLimits = {
  connections: 5,
  perSecond: null,
  perMinute: null,
  perDomainPerMinute: null,
  batchSize: null,
  batchWaitSeconds: null,
  perDay: null,
  gapMinMs: null,
  gapMaxMs: null,
};

export function newChannel(input: CreateChannel): ChannelValues {
  const { name, host, port, security } = input;
  return afterEdit({ ...UNLIMITED, name, host, port, security, username: null, returnPathDomain: null }, input);
}

/** What is left out stays as it is. */
export function afterEdit(before: ChannelValues, input: UpdateChannel | CreateChannel): ChannelValues {
  const or = <T>(value: T | undefined, otherwise: T): T => (value === undefined ? otherwise : value);
  return {
    name: or(input.name, before.name),
    host: or(input.host, before.host),
    port: or(input.port, before.port),
    security: or(input.security, before.security),
    username: or(input.username, before.username),
    returnPathDomain: or(input.return_path_domain, before.returnPathDomain),
    connections: or(input.connections, before.connections),
    perSecond: or(input.per_second, before.perSecond),
    perMinute: or(input.per_minute, before.perMinute),
    perDomainPerMinute: or(input.per_domain_per_minute, before.perDomainPerMinute),
    batchSize: or(input.batch_size, before.batchSize),
    batchWaitSeconds: or(input.batch_wait_seconds, before.batchWaitSeconds),
    perDay: or(input.per_day, before.perDay),
    gapMinMs: or(input.gap_min_ms, before.gapMinMs),
    gapMaxMs: or(input.gap_max_ms, before.gapMaxMs),
  };
}

/** Throws what is wrong with the channel as a whole. */
export function requireSound(values: ChannelValues, policy: HostPolicy): void {
  const refusal = hostRefusal(values.host, values.port, policy);
  if (refusal) throw invalidInput([refusal]);
  const unpaired = unsoundLimit(values);
  if (unpaired) throw invalidInput([unpaired]);
}

function unsoundLimit({ batchSize, batchWaitSeconds, gapMinMs, gapMaxMs }: ChannelLimits): FieldError | null {
  if ((batchSize === null) !== (batchWaitSeconds === null)) {
    return { field: 'batch_wait_seconds', message: 'goes with batch_size: both or none' };
  }
  if (gapMinMs === null && gapMaxMs === null) return null;
  if (gapMinMs === null || gapMaxMs === null) {
    return { field: 'gap_max_ms', message: 'goes with gap_min_ms: both or none' };
  }
  return gapMaxMs < gapMinMs ? { field: 'gap_max_ms', message: 'must not be less than gap_min_ms' } : null;
}

/** What is the provider's of a mailbox that is connected: it is connected again, not changed. */
export function requireOwnServer({ host, port, security, username, password }: UpdateChannel): void {
  const given = Object.entries({ host, port, security, username, password }).filter(([, value]) => value !== undefined);
  const message = 'is the provider’s of a connected mailbox: connect it again, or add another channel';
  if (given.length > 0) throw invalidInput(given.map(([field]) => ({ field, message })));
}

/** A password must not be sent to another server, or with another log-in, than it was given for. */
export function needsPasswordAnew(before: ChannelValues, after: ChannelValues): boolean {
  const same = (['host', 'port', 'username'] as const).every((field) => before[field] === after[field]);
  return !same || (before.security !== after.security && after.security === 'none');
}
