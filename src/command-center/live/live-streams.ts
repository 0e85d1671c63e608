import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Principal } from '../../accounts/access.js';
import { PrincipalCheck } from '../../accounts/principal-check.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { hearsAnything } from './hearing.js';
import type { LiveEvent } from './live-event.js';
import { LiveFeed } from './live-feed.repository.js';
import { LivePolicy } from './live-policy.js';
import { LiveReader } from './live-reader.js';
import { LiveStream } from './live-stream.js';
import { comparePositions, parsePosition, type Position } from './position.js';

/** The open streams of this process, by team. */
@Injectable()
export class LiveStreams implements BeforeApplicationShutdown {
  private readonly logger = new Logger(LiveStreams.name);
  private readonly teams = new Map<string, Set<LiveStream>>();
  private heartbeats: NodeJS.Timeout | undefined;
  private rechecks: NodeJS.Timeout | undefined;
  private rechecking: Promise<void> | undefined;
  private stopping: Promise<void> | undefined;
  private closing = false;

  constructor(
    private readonly reader: LiveReader,
    private readonly feed: LiveFeed,
    private readonly check: PrincipalCheck,
    private readonly policy: LivePolicy,
  ) {}

  get size(): number {
    let size = 0;
    for (const streams of this.teams.values()) size += streams.size;
    return size;
  }

  /** Answers with a stream; `lastEventId`: where the caller was. */
  async open(principal: Principal, lastEventId: string | undefined, request: Request, response: Response) {
    if (this.closing) throw new ProductError('unavailable', 'This process is stopping: connect again.');
    if (!hearsAnything(principal)) {
      throw new ProductError('forbidden', 'This API key lacks the scopes tasks:read and salesforce:read.');
    }
    this.requireRoom(principal);
    if (response.closed) return;
    const stream = new LiveStream(principal, request.headers.authorization, response, this.policy);
    response.once('close', () => this.remove(stream));
    // Its connection broke: 'close' follows.
    response.on('error', () => undefined);
    this.add(stream);
    try {
      await this.begin(stream, lastEventId);
    } catch (error) {
      this.remove(stream);
      throw error;
    }
  }

  /** Before the server closes, which waits for open answers. Whoever listened comes again, to another process. */
  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    for (const stream of this.all()) stream.end();
    this.teams.clear();
    this.rest();
    await Promise.all([this.stopping, this.rechecking]);
  }

  private async begin(stream: LiveStream, lastEventId: string | undefined): Promise<void> {
    await this.stopping;
    await this.reader.start((events) => this.deliver(events));
    const reached = this.reader.position;
    if (this.teams.size === 0) this.rest();
    if (stream.closed || this.closing || !reached) return stream.cut();
    // From here on everything after `reached` is offered.
    stream.forget();
    if (lastEventId === undefined || lastEventId === '') return stream.begin(reached, []);
    const cursor = parsePosition(lastEventId);
    const missed = cursor && (await this.missed(stream, cursor, reached));
    if (stream.closed || this.closing) return stream.cut();
    stream.begin(missed ? cursor : reached, missed);
  }

  /** Undefined: some of it is gone, or it is more than a page would read again anyway. */
  private async missed(stream: LiveStream, from: Position, reached: Position): Promise<LiveEvent[] | undefined> {
    if (!(await this.feed.reaches(from))) return undefined;
    // It was ahead of this process, in another one.
    if (comparePositions(from, reached) >= 0) return [];
    const { teamId } = stream.principal;
    const events = await this.feed.between(teamId, from, reached, this.policy.backlog + 1);
    return events.length > this.policy.backlog ? undefined : events;
  }

  private deliver(events: readonly LiveEvent[]): void {
    for (const event of events) {
      for (const stream of this.teams.get(event.teamId) ?? []) stream.offer(event);
    }
  }

  private requireRoom({ teamId, actor }: Principal): void {
    let own = 0;
    for (const { principal } of this.teams.get(teamId) ?? []) if (principal.actor === actor) own++;
    if (own >= this.policy.perCaller) throw new ProductError('too_many_streams');
  }

  private all(): LiveStream[] {
    return [...this.teams.values()].flatMap((streams) => [...streams]);
  }

  private add(stream: LiveStream): void {
    const { teamId } = stream.principal;
    const streams = this.teams.get(teamId) ?? new Set();
    this.teams.set(teamId, streams.add(stream));
    this.heartbeats ??= setInterval(() => {
      for (const open of this.all()) open.heartbeat(this.reader.position);
    }, this.policy.heartbeatMs);
    this.rechecks ??= setInterval(() => {
      this.rechecking ??= this.recheck().finally(() => (this.rechecking = undefined));
    }, this.policy.recheckMs);
  }

  private remove(stream: LiveStream): void {
    stream.end();
    const { teamId } = stream.principal;
    const streams = this.teams.get(teamId);
    if (!streams?.delete(stream)) return;
    if (streams.size === 0) this.teams.delete(teamId);
    if (this.teams.size === 0) this.rest();
  }

  /** Nobody listens: nothing is read. */
  private rest(): void {
    clearInterval(this.heartbeats);
    clearInterval(this.rechecks);
    this.heartbeats = this.rechecks = undefined;
    const stopped = this.reader.stop().finally(() => {
      if (this.stopping === stopped) this.stopping = undefined;
    });
    this.stopping = stopped;
  }

  /** Ends the streams of those whose key or session was revoked, or who were deactivated. */
  private async recheck(): Promise<void> {
    for (const stream of this.all()) {
      try {
        if (!(await this.check.stillHolds(stream.principal, stream.authorization))) stream.end();
      } catch (error) {
        this.logger.warn({ err: error }, 'it could not be asked whether a stream may stay open; it is asked again');
        return;
      }
    }
  }
}
