import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

interface LiveEvent {
  name: string;
  data: { id?: string | null; kind?: string };
}

const NAMES = ['task', 'sync', 'reset'];
const CHANNEL = 'command-center-live';

/** What to ask again after something happened; many events in a moment ask once. */
function keysOf({ name, data }: LiveEvent): string[] {
  if (name === 'task') return ['tasks', 'counts', 'task', 'history'];
  if (name === 'reset') return ['tasks', 'counts', 'task', 'history', 'status', 'sync'];
  // What was sent or read changes the marks of tasks, and imports make new ones.
  return ['status', 'sync', 'tasks', 'counts', 'task'];
}

/** Keeps what is shown current. One tab holds the stream of events and tells the others. */
export function useLive(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const asked = coalesced(queries);
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }: MessageEvent<LiveEvent>) => asked(data);
    const stop = new AbortController();
    void lead(stop.signal, () => {
      const source = new EventSource('/v1/events');
      for (const name of NAMES) {
        source.addEventListener(name, ({ data }: MessageEvent<string>) => {
          const event = { name, data: JSON.parse(data) as LiveEvent['data'] };
          channel.postMessage(event);
          asked(event);
        });
      }
      return () => source.close();
    });
    return () => {
      stop.abort();
      channel.close();
    };
  }, [queries]);
}

/** Runs `work` in one tab of this browser at a time; the next takes over when that tab closes. */
async function lead(signal: AbortSignal, work: () => () => void): Promise<void> {
  const hold = () =>
    new Promise<void>((resolve) => {
      if (signal.aborted) return resolve();
      const end = work();
      signal.addEventListener('abort', () => {
        end();
        resolve();
      });
    });
  // Locks exist on https and on this machine only; elsewhere each tab listens for itself.
  if (!navigator.locks) return hold();
  await navigator.locks.request(CHANNEL, { signal }, hold).catch(() => undefined);
}

const COALESCED_MS = 150;

function coalesced(queries: QueryClient): (event: LiveEvent) => void {
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (event) => {
    for (const key of keysOf(event)) waiting.add(key);
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const key of waiting) void queries.invalidateQueries({ queryKey: [key] });
      waiting.clear();
    }, COALESCED_MS);
  };
}
