import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { isActUnderWay } from '../api/under-way';
import { gatherMs, keysOf, type LiveEvent, retryMs } from './live-keys';

const NAMES = ['task', 'sync', 'email', 'reset'];
const CHANNEL = 'command-center-live';

/** Keeps what is shown current. One tab holds the stream of events and tells the others. */
export function useLive(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const asked = coalesced(queries);
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }: MessageEvent<LiveEvent>) => asked(data);
    const stop = new AbortController();
    void lead(stop.signal, () =>
      listen((event) => {
        channel.postMessage(event);
        asked(event);
      }),
    );
    return () => {
      stop.abort();
      channel.close();
    };
  }, [queries]);
}

/** The stream of events, opened again for as long as it is wanted. Answers how to end it. */
function listen(onEvent: (event: LiveEvent) => void): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let isFirst = true;
  function open() {
    source = new EventSource('/v1/events');
    source.onopen = () => {
      attempt = 0;
      // What happened while it was closed is known to nobody here.
      if (!isFirst) onEvent({ name: 'reset', data: {} });
      isFirst = false;
    };
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, retryMs(attempt, Math.random()));
      attempt += 1;
    };
    for (const name of NAMES) {
      source.addEventListener(name, ({ data }: MessageEvent<string>) => {
        onEvent({ name, data: JSON.parse(data) as LiveEvent['data'] });
      });
    }
  }
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
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

function coalesced(queries: QueryClient): (event: LiveEvent) => void {
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAsked = -Infinity;
  return (event) => {
    for (const key of keysOf(event)) waiting.add(key);
    timer ??= setTimeout(ask, gatherMs(performance.now() - lastAsked));
  };
  function ask() {
    timer = undefined;
    if (isActUnderWay()) {
      timer = setTimeout(ask, gatherMs(Infinity));
      return;
    }
    lastAsked = performance.now();
    for (const key of waiting) void queries.invalidateQueries({ queryKey: [key] });
    waiting.clear();
  }
}
