import type { ChannelState, ChannelView, ChannelWaiting } from './channels.dto.js';
import type { ChannelRow } from './channels.repository.js';

/** Pure: a channel as the API shows it. */
export function viewOf(row: ChannelRow, names: ReadonlyMap<string, string>, now: Date): ChannelView {
  const waiting = waitingOf(row, now);
  return {
    id: row.id,
    name: row.name,
    owner: row.ownerId === null ? null : { id: row.ownerId, name: names.get(row.ownerId) ?? '' },
    host: row.host,
    port: row.port,
    security: row.security,
    username: row.username,
    has_password: row.passwordSealed !== null,
    provider: row.provider,
    return_path_domain: row.returnPathDomain,
    connections: row.connections,
    per_second: row.perSecond,
    per_minute: row.perMinute,
    per_domain_per_minute: row.perDomainPerMinute,
    batch_size: row.batchSize,
    batch_wait_seconds: row.batchWaitSeconds,
    per_day: row.perDay,
    gap_min_ms: row.gapMinMs,
    gap_max_ms: row.gapMaxMs,
    state: stateOf(row, waiting),
    waiting,
    trouble: row.trouble,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    version: row.version,
  };
}

function waitingOf({ notBefore, waitingFor }: ChannelRow, now: Date): ChannelWaiting | null {
  return notBefore !== null && waitingFor !== null && notBefore > now ? { for: waitingFor, until: notBefore } : null;
}

function stateOf(row: ChannelRow, waiting: ChannelWaiting | null): ChannelState {
  if (row.pausedAt !== null) return 'paused';
  if (row.stoppedAt !== null) return 'stopped';
  return waiting === null ? 'ready' : 'waiting';
}
