import type { Schemas } from '../api/client';
import { PRESETS, type PresetName } from './channel-presets';

type Channel = Schemas['ChannelView'];
type Security = Channel['security'];

export const PORTS: Record<Security, string> = { starttls: '587', tls: '465', none: '25' };

const WHOLE = [
  ...(['per_second', 'per_minute', 'per_domain_per_minute', 'per_day'] as const),
  ...(['batch_size', 'batch_wait_seconds'] as const),
] as const;
const GAPS = ['gap_min_ms', 'gap_max_ms'] as const;
export type LimitField = 'connections' | (typeof WHOLE)[number] | (typeof GAPS)[number];
export type ChannelField = 'name' | 'host' | 'port' | 'username' | 'password' | LimitField;

/** What the form holds: texts as they are typed, gaps in seconds. */
export type ChannelDraft = Record<ChannelField, string> & { security: Security };

/** Pure: the form of a channel; of none: a blank one. */
export function draftOf(channel: Channel | undefined): ChannelDraft {
  const text = (value: number | null | undefined) => (value == null ? '' : String(value));
  const seconds = (ms: number | null | undefined) => (ms == null ? '' : String(ms / 1000));
  return {
    name: channel?.name ?? '',
    host: channel?.host ?? '',
    port: String(channel?.port ?? PORTS.starttls),
    security: channel?.security ?? 'starttls',
    username: channel?.username ?? '',
    password: '',
    connections: String(channel?.connections ?? 5),
    per_second: text(channel?.per_second),
    per_minute: text(channel?.per_minute),
    per_domain_per_minute: text(channel?.per_domain_per_minute),
    per_day: text(channel?.per_day),
    batch_size: text(channel?.batch_size),
    batch_wait_seconds: text(channel?.batch_wait_seconds),
    gap_min_ms: seconds(channel?.gap_min_ms),
    gap_max_ms: seconds(channel?.gap_max_ms),
  };
}

/** Pure: the draft with a provider's server and limits; of another provider's nothing is left. */
export function withPreset(draft: ChannelDraft, preset: PresetName): ChannelDraft {
  const { label, host, port, security, limits } = PRESETS[preset];
  const named = draft.name !== '' && Object.values(PRESETS).every((other) => other.label !== draft.name);
  const texts = Object.fromEntries(Object.entries(limits).map(([field, value]) => [field, String(value)]));
  const server = { name: named ? draft.name : label, host, port: String(port), security };
  return { ...draft, ...server, per_minute: '', per_day: '', ...texts };
}

/** Pure: what is sent; an empty limit is none, an empty password is left as it is unless nobody logs in any more. */
export function bodyOf(draft: ChannelDraft) {
  const { name, host, port, security, username, password, connections } = draft;
  const number = (value: string) => (value.trim() === '' ? null : Number(value));
  const limits = Object.fromEntries(WHOLE.map((field) => [field, number(draft[field])]));
  const gaps = GAPS.map((field) => [field, number(draft[field])] as const);
  return {
    ...{ name, host, port: Number(port), security, username: username === '' ? null : username },
    ...(username === '' ? { password: null } : password === '' ? {} : { password }),
    ...{ connections: number(connections) ?? 5, ...limits },
    ...Object.fromEntries(gaps.map(([field, value]) => [field, value === null ? null : Math.round(value * 1000)])),
  };
}
