export interface LiveEvent {
  name: string;
  data: { id?: string | null; kind?: string; user_id?: string };
}

/** Pure: what to ask again after something happened. */
export function keysOf({ name, data }: LiveEvent): string[] {
  if (name === 'task') return ['tasks', 'counts', 'task', 'history', 'timeline', 'emails', 'email'];
  if (name === 'email') return ['emails', 'email-counts', 'email', 'email-events', 'email-batch', 'timeline'];
  if (name === 'reset')
    return ['tasks', 'counts', 'task', 'history', 'status', 'sync', 'emails', 'email-counts', 'email', 'timeline'];
  return data.kind === 'status' ? ['status'] : ['status', 'sync', 'task'];
}

const SOON_MS = 150;
const BUSY_MS = 2_000;

/** Pure: how long events are gathered before one asks: a single one is seen at once, a first-time sync in steps. */
export function gatherMs(sinceLastAsked: number): number {
  return sinceLastAsked > BUSY_MS ? SOON_MS : BUSY_MS;
}

const RETRY_MOST_MS = 60_000;

/** Pure: when to open a stream again that the server ended; EventSource gives up on any answer that is no stream. */
export function retryMs(attempt: number, random: number): number {
  return Math.min(RETRY_MOST_MS, 1_000 * 2 ** attempt) * (0.5 + random / 2);
}
