import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { Config } from '../config/config.js';
import { requireFitness } from '../config/fitness.js';
import type { Cli } from '../platform/cli/cli.js';
import { withPostgres } from '../platform/database/with-postgres.js';
import { StartError } from '../platform/errors/start-error.js';

/** The command line of one process, configured by its environment. */
export class OperatorCli implements Cli {
  private parsed?: Config;

  /** As an api that does not listen: a verb must not start background work beside what it was asked for. */
  config(): Config {
    if (this.parsed) return this.parsed;
    const config = Config.fromEnvironment().with({ ROLE: 'api', LOG_LEVEL: 'silent' });
    requireFitness(config);
    return (this.parsed = config);
  }

  async withApp<T>(work: (app: INestApplicationContext) => Promise<T>): Promise<T> {
    const config = this.config();
    // Says in one line what the application would say in fifty.
    await withPostgres(config, async (dataSource) => {
      const pending = await dataSource.showMigrations();
      if (pending) throw new StartError('The migrations are not all applied: run the verb "migrate" first.');
    });
    const options = { logger: false, abortOnError: false } as const;
    const app = await NestFactory.createApplicationContext(AppModule.with(config), options);
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  }

  print(line: string): void {
    console.log(line);
  }
}
