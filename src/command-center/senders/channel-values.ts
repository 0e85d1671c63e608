import { invalidInput } from '../../platform/http/validation.js';
import type { CreateChannel, UpdateChannel } from './channels.dto.js';
import type { ChannelSecurity } from './delivery-channel.entity.js';
import { type HostPolicy, hostRefusal } from './smtp-host.js';

/** What a channel is told to be. */
export interface ChannelValues {
  name: string;
  host: string;
  port: number;
  security: ChannelSecurity;
  username: string | null;
}

export function newChannel(input: CreateChannel): ChannelValues {
  const { name, host, port, security } = input;
  return { name, host, port, security, username: input.username ?? null };
}

/** What is left out stays as it is. */
export function afterEdit(before: ChannelValues, input: UpdateChannel): ChannelValues {
  const or = <T>(value: T | undefined, otherwise: T): T => (value === undefined ? otherwise : value);
  return {
    name: or(input.name, before.name),
    host: or(input.host, before.host),
    port: or(input.port, before.port),
    security: or(input.security, before.security),
    username: or(input.username, before.username),
  };
}

/** Throws what is wrong with the channel as a whole. */
export function requireSound(values: ChannelValues, policy: HostPolicy): void {
  const refusal = hostRefusal(values.host, values.port, policy);
  if (refusal) throw invalidInput([refusal]);
}

/** A password must not be sent to another server, or with another log-in, than it was given for. */
export function needsPasswordAnew(before: ChannelValues, after: ChannelValues): boolean {
  const same = (['host', 'port', 'username'] as const).every((field) => before[field] === after[field]);
  return !same || (before.security !== after.security && after.security === 'none');
}
