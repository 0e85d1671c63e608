import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { setImmediate as turn } from 'node:timers/promises';
import { Config } from '../../config/config.js';
import { redisOptions } from '../../platform/pipelines/pipeline-queues.js';

/**
 * Says through Redis that the feed has new lines. It carries nothing else and may be lost: readers look every few
 * seconds anyway. Connections are made when the first hint is sent or listened for.
 */
@Injectable()
export class LiveHints implements OnApplicationShutdown {
  private readonly logger = new Logger(LiveHints.name);
  private readonly channel: string;
  private sender: Redis | undefined;
  private listener: Redis | undefined;
  private wanted = false;
  private sending: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly config: Config) {
    this.channel = `${config.get('REDIS_PREFIX')}:live`;
  }

  /** After the commit. Many at once become one. */
  send(): void {
    this.wanted = true;
    this.sending ??= this.sendAll().finally(() => (this.sending = undefined));
  }

  /** From now on, also when Redis comes back, as hints may have been lost meanwhile. */
  listen(onHint: () => void): void {
    if (this.listener || this.closed) return;
    const listener = (this.listener = this.connect());
    listener.on('message', onHint);
    listener.on('ready', onHint);
    void listener.subscribe(this.channel).then(onHint, () => undefined);
  }

  onApplicationShutdown(): void {
    this.closed = true;
    for (const redis of [this.sender, this.listener]) {
      // On a connection that has ended it would leave a timer behind.
      if (redis && redis.status !== 'end') redis.disconnect();
    }
  }

  private async sendAll(): Promise<void> {
    await turn();
    while (this.wanted && !this.closed) {
      this.wanted = false;
      this.sender ??= this.connect();
      await this.sender.publish(this.channel, '').catch(() => undefined);
    }
  }

  private connect(): Redis {
    const redis = new Redis({ ...redisOptions(this.config.get('REDIS_URL')), maxRetriesPerRequest: 1 });
    let away = false;
    redis.on('error', (error: Error) => {
      if (!away)
        this.logger.warn({ err: error }, 'Redis does not answer; live pages look by themselves until it is back');
      away = true;
    });
    redis.on('ready', () => (away = false));
    return redis;
  }
}
