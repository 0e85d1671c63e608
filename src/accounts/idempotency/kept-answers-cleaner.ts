import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { KeptAnswers } from './kept-answers.repository.js';

const EVERY_MS = 10 * 60 * 1000;

/** Removes expired answers now and then, in each process: whoever comes second finds nothing. */
@Injectable()
export class KeptAnswersCleaner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(KeptAnswersCleaner.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> | undefined;

  constructor(private readonly answers: KeptAnswers) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private tick(): void {
    this.running ??= this.answers
      .removeExpired()
      .catch((error: unknown) => this.logger.warn({ err: error }, 'expired answers could not be removed; later again'))
      .finally(() => (this.running = undefined));
  }
}
