import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Periodic } from '../../platform/clock/periodic.js';
import { KeptAnswers } from './kept-answers.repository.js';

const EVERY_MS = 10 * 60 * 1000;

/** Removes expired answers now and then, in each process: whoever comes second finds nothing. */
@Injectable()
export class KeptAnswersCleaner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(KeptAnswersCleaner.name);
  private readonly upkeep = new Periodic(
    EVERY_MS,
    () => this.answers.removeExpired(),
    (error) => this.logger.warn({ err: error }, 'expired answers could not be removed; later again'),
  );

  constructor(private readonly answers: KeptAnswers) {}

  onApplicationBootstrap(): void {
    this.upkeep.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.upkeep.stop();
  }
}
