import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger as PinoLogger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import type { Config } from './config/config.js';
import { requireFitness } from './config/fitness.js';
import { StartError } from './platform/errors/start-error.js';
import { requireServers } from './platform/health/require-servers.js';
import { configureHttp } from './platform/http/configure-http.js';
import { quietNestLogger } from './platform/logging/nest-logger.js';

/** Starts the roles that the configuration names, and listens. Ends itself, with code 0, on SIGTERM and SIGINT. */
export async function bootstrap(config: Config): Promise<NestExpressApplication> {
  requireFitness(config);
  await requireServers(config);
  const app = await createApp(config);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  await listen(app, config);
  new Logger('Start').log(`${config.get('ROLE')} is ready at ${await app.getUrl()}`);
  return app;
}

async function createApp(config: Config): Promise<NestExpressApplication> {
  const options = { bodyParser: false, bufferLogs: true, abortOnError: false };
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config), options);
  app.useLogger(quietNestLogger(app.get(PinoLogger)));
  await configureHttp(app);
  return app;
}

async function listen(app: NestExpressApplication, config: Config): Promise<void> {
  try {
    await app.listen(config.get('PORT'), config.get('HOST'));
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall !== 'listen') throw error;
    throw new StartError(`The API cannot listen: ${message}. Check HOST and PORT.`, { cause: error });
  }
}
