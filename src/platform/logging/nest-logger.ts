import type { LoggerService } from '@nestjs/common';
import type { Logger as PinoLogger } from 'nestjs-pino';

const INNER = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);

/** What Nest tells of its own start (a line for each module and route) is for debugging. */
export function quietNestLogger(logger: PinoLogger): LoggerService {
  return {
    log: (message: unknown, ...rest: unknown[]) =>
      INNER.has(String(rest.at(-1))) ? logger.debug(message, ...rest) : logger.log(message, ...rest),
    error: (message: unknown, ...rest: unknown[]) => logger.error(message, ...rest),
    warn: (message: unknown, ...rest: unknown[]) => logger.warn(message, ...rest),
    debug: (message: unknown, ...rest: unknown[]) => logger.debug(message, ...rest),
    verbose: (message: unknown, ...rest: unknown[]) => logger.verbose(message, ...rest),
    fatal: (message: unknown, ...rest: unknown[]) => logger.fatal(message, ...rest),
  };
}
