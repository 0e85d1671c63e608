import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from '../../config/config.js';
import { scrub } from './scrub.js';

/** Token of this process's pino logger. */
export const ROOT_LOGGER = Symbol('root logger');

const REDACTED = [
  ...['authorization', 'cookie', 'set-cookie', 'idempotency-key'],
  ...['password', 'current_password', 'new_password', 'token', 'access_token', 'refresh_token', 'id_token'],
  ...['client_secret', 'client_assertion', 'assertion', 'code_verifier', 'private_key'],
];

/** JSON lines on standard output, with ids and without secrets. */
export function createRootLogger(config: Config, destination?: DestinationStream): Logger {
  const options = {
    level: config.get('LOG_LEVEL'),
    base: { role: config.get('ROLE') },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorForLog },
    redact: {
      paths: REDACTED.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
      censor: '[redacted]',
    },
    hooks: { streamWrite: scrub },
  };
  return destination ? pino(options, destination) : pino(options);
}

interface LoggedError {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: LoggedError;
}

// Only these: errors of libraries carry the whole request, or (TypeORM) the statement's parameters, as properties.
export function errorForLog(error: unknown, depth = 0): LoggedError | undefined {
  if (error == null) return undefined;
  if (!(error instanceof Error)) return { type: typeof error, message: textOf(error) };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' && { code }),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(error.cause !== undefined && depth < 3 && { cause: errorForLog(error.cause, depth + 1) }),
  };
}

function textOf(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  const { message } = thrown as { message?: unknown };
  return typeof message === 'string' ? message : Object.prototype.toString.call(thrown);
}
