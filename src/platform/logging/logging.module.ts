import { Global, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { Config } from '../../config/config.js';
import { createRootLogger, errorForLog, ROOT_LOGGER } from './root-logger.js';

@Global()
@Module({
  providers: [
    { provide: ROOT_LOGGER, inject: [Config], useFactory: (config: Config): Logger => createRootLogger(config) },
  ],
  exports: [ROOT_LOGGER],
})
class RootLoggerModule {}

/** Nest's Logger writes through pino; within a request its lines carry the request's id and who calls. */
@Module({
  imports: [
    RootLoggerModule,
    LoggerModule.forRootAsync({
      inject: [ROOT_LOGGER],
      // requestLog() has bound a logger to each request before Nest sees it.
      useFactory: (logger: Logger) => ({
        pinoHttp: { logger, serializers: { err: errorForLog }, wrapSerializers: false },
        useExisting: true as const,
      }),
    }),
  ],
})
export class LoggingModule {}
