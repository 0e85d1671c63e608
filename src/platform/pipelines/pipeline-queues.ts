import { Injectable, Logger } from '@nestjs/common';
import Bull, { type Queue, type QueueOptions } from 'bull';
import { setTimeout as delay } from 'node:timers/promises';
import { Config } from '../../config/config.js';
import { Pipelines } from './pipelines.js';

export interface WakeUpJob {
  lane: string;
}

interface Consumer {
  // Bull types only `client`; the connection of the blocking read is there as well.
  queue: Queue<WakeUpJob> & { bclient: Queue['client'] };
  jobs: number;
}

const DOWN: ReadonlySet<string> = new Set(['reconnecting', 'close', 'end']);

/** The Bull queues: one per pipeline to wake with, one more in a worker to be woken by. */
@Injectable()
export class PipelineQueues {
  private readonly logger = new Logger('Redis');
  private readonly producers = new Map<string, Queue<WakeUpJob>>();
  private readonly consumers: Consumer[] = [];
  private closed = false;

  constructor(
    private readonly config: Config,
    private readonly pipelines: Pipelines,
  ) {}

  assertKnown(pipeline: string): void {
    this.pipelines.definition(pipeline);
  }

  /** Where to put wake-ups; undefined while Redis is away, because Bull's add() would then hang for seconds. */
  producer(pipeline: string): Queue<WakeUpJob> | undefined {
    if (this.closed) return undefined;
    let queue = this.producers.get(pipeline);
    if (!queue) this.producers.set(pipeline, (queue = this.open(this.pipelines.definition(pipeline).name)));
    return DOWN.has(queue.client.status) ? undefined : queue;
  }

  /** Starts to be woken. */
  consume(pipeline: string, concurrency: number, work: (lane: string) => Promise<void>): void {
    const consumer: Consumer = { queue: this.open(pipeline) as Consumer['queue'], jobs: 0 };
    this.consumers.push(consumer);
    const { queue } = consumer;
    queue.on('completed', () => consumer.jobs--);
    queue.on('failed', () => consumer.jobs--);
    // Bull names its connection in a promise that nobody holds: its rejection would end the process when a queue is
    // closed while it starts or while Redis is away.
    Object.assign(queue, { setWorkerName: () => undefined });
    const ended = queue.process(concurrency, (job) => {
      consumer.jobs++;
      return work(job.data.lane);
    });
    // Troubles come as 'error' events; this rejects as well, with nothing, when the queue is closed while it starts.
    void ended.catch(() => undefined);
  }

  /** Is woken no more. */
  pause(): void {
    for (const { queue } of this.consumers) {
      void queue.pause(true, true).catch(() => undefined);
      // Ends the blocking read at once; Bull would wait 500 ms for it.
      queue.bclient.disconnect();
    }
  }

  /**
   * After pause and the end of the lanes' work. Bull's own graceful close() waits for as long as Redis is away (18 s
   * seen) and then throws where nobody can catch it; so we give the jobs a moment to be crossed off and close hard. One
   * that is not is run again by the stall check, for nothing.
   */
  async closeConsumers(): Promise<void> {
    for (let waited = 0; waited < 200 && this.consumers.some(({ jobs }) => jobs > 0); waited += 5) await delay(5);
    await Promise.all(this.consumers.splice(0).map(({ queue }) => queue.close(true)));
  }

  async closeProducers(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.producers.values()].map((queue) => queue.close()));
    this.producers.clear();
  }

  private open(name: string): Queue<WakeUpJob> {
    const queue = new Bull<WakeUpJob>(name, {
      prefix: this.config.get('REDIS_PREFIX'),
      redis: redisOptions(this.config.get('REDIS_URL')),
      // A job whose worker was killed before its first look hides the lane's next wake-ups until the stall check. Who is
      // taken for dead and is not finds its lane taken: the lease counts, not this lock.
      settings: { lockDuration: 5_000, stalledInterval: 2_000, retryProcessDelay: 300 },
    });
    let away = false;
    queue.on('error', (error: Error) => {
      if (queue.client.status === 'ready') this.logger.warn({ err: error, queue: name }, 'a queue had an error');
      else if (!away) {
        away = true;
        this.logger.warn({ err: error, queue: name }, 'Redis does not answer; the sweeper goes on when it is back');
      }
    });
    queue.client.on('ready', () => {
      if (away) this.logger.log({ queue: name }, 'Redis answers again');
      away = false;
    });
    return queue;
  }
}

/** Bull's own reading of an address knows no TLS. */
export function redisOptions(address: string): QueueOptions['redis'] & object {
  const url = new URL(address);
  return {
    host: url.hostname,
    port: Number(url.port || 6379),
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    ...(url.pathname.length > 1 ? { db: Number(url.pathname.slice(1)) } : {}),
    ...(url.protocol === 'rediss:' ? { tls: { servername: url.hostname } } : {}),
    retryStrategy: (times: number) => Math.min(times * 50, 500),
    // A connection that is closed while Redis is away leaves a timer of this length behind.
    disconnectTimeout: 200,
  };
}
