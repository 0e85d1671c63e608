import type { Response } from 'express';
import type { Principal } from '../../accounts/access.js';
import { mayHear } from './hearing.js';
import { type LiveEvent, type LiveMessage, mergedChange, subjectOf } from './live-event.js';
import type { LivePolicy } from './live-policy.js';
import { comparePositions, laterOf, type Position, positionText } from './position.js';

const RETRY_MS = 2_000;

/**
 * One open answer of /v1/events. It gathers what its caller may hear, says the same thing once, and writes at most a
 * few times a second. Who reads too slowly is cut off and resumes: nothing is lost by it.
 */
export class LiveStream {
  private readonly pending = new Map<string, LiveEvent>();
  /** Up to here the caller knows everything; undefined until it is settled where the stream begins. */
  private from: Position | undefined;
  private told: Position | undefined;
  private timer: NodeJS.Timeout | undefined;
  private writtenAt = 0;

  constructor(
    readonly principal: Principal,
    /** To ask again whether the caller may still listen. */
    readonly authorization: string | undefined,
    private readonly response: Response,
    private readonly policy: Pick<LivePolicy, 'flushMs' | 'backlog'>,
  ) {}

  get closed(): boolean {
    return this.response.closed || this.response.writableEnded;
  }

  /** What was offered until now is covered by where the stream will begin. */
  forget(): void {
    this.pending.clear();
  }

  /** Opens the answer. `missed`: what lies between `from` and what has been offered; undefined: too much, begin anew. */
  begin(from: Position, missed: readonly LiveEvent[] | undefined): void {
    const offered = [...this.pending.values()];
    this.pending.clear();
    this.from = from;
    this.response.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
      // Nothing can follow on this connection, and a shutdown need not wait for it.
      Connection: 'close',
    });
    this.response.flushHeaders();
    const reset = missed ? '' : 'event: reset\ndata: {}\n';
    this.response.write(`retry: ${RETRY_MS}\nid: ${positionText(from)}\n${reset}\n`);
    this.told = from;
    for (const event of [...(missed ?? []), ...offered]) this.offer(event);
  }

  offer(event: LiveEvent): void {
    if (this.closed || !mayHear(this.principal, event)) return;
    if (this.from && comparePositions(event.position, this.from) <= 0) return;
    const subject = subjectOf(event);
    const before = this.pending.get(subject);
    // The later one stands at the end, so that ids only grow.
    this.pending.delete(subject);
    this.pending.set(subject, before ? { ...event, ...merged(before, event) } : event);
    if (this.pending.size > this.policy.backlog) this.cut();
    else this.schedule();
  }

  /** Keeps proxies from closing it, and the caller's place fresh: `reached` has been offered. */
  heartbeat(reached: Position | undefined): void {
    if (this.closed || !this.from) return;
    if (this.response.writableNeedDrain) return this.cut();
    const quiet = reached && this.pending.size === 0;
    if (quiet) this.told = laterOf(this.told ?? this.from, reached);
    this.response.write(`: still here\n${quiet && this.told ? `id: ${positionText(this.told)}\n` : ''}\n`);
  }

  end(): void {
    clearTimeout(this.timer);
    // Before it has begun, the answer may still be a refusal.
    if (this.from && !this.closed) this.response.end();
  }

  /** At once, whatever has not been read yet. */
  cut(): void {
    clearTimeout(this.timer);
    this.response.destroy();
  }

  private schedule(): void {
    if (!this.from || this.timer) return;
    const wait = Math.max(0, this.writtenAt + this.policy.flushMs - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.flush();
    }, wait);
  }

  private flush(): void {
    if (this.closed || this.pending.size === 0) return;
    // It reads slowly: what comes meanwhile is merged, until the next heartbeat cuts it off.
    if (this.response.writableNeedDrain) {
      this.response.once('drain', () => this.schedule());
      return;
    }
    const events = [...this.pending.values()];
    this.pending.clear();
    this.told = laterOf(this.told ?? events[0]!.position, events.at(-1)!.position);
    this.writtenAt = performance.now();
    this.response.write(events.map(textOf).join(''));
  }
}

function merged(before: LiveMessage, after: LiveMessage): LiveMessage {
  if (before.name !== 'task' || after.name !== 'task') return after;
  const { id } = after.data;
  const same = before.data.change === after.data.change;
  const change = id === null && !same ? 'updated' : mergedChange(before.data.change, after.data.change);
  return { name: 'task', data: { id, change } };
}

function textOf({ position, name, data }: LiveEvent): string {
  return `id: ${positionText(position)}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
