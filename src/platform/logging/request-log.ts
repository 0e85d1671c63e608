import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { errorForLog } from './root-logger.js';
import { scrubUrl } from './scrub.js';

/** Express middleware: one line for each answered request, and `request.log` for what happens meanwhile. */
export function requestLog(logger: Logger) {
  return pinoHttp<IncomingMessage, ServerResponse>({
    logger,
    quietReqLogger: true,
    quietResLogger: true,
    customAttributeKeys: { reqId: 'request_id', responseTime: 'ms' },
    // Ours instead of pino's, which would add headers, and to errors all their properties.
    wrapSerializers: false,
    serializers: {
      req: (request: IncomingMessage) => ({ method: request.method, url: scrubUrl(addressOf(request)) }),
      res: (response: ServerResponse) => ({ status: response.statusCode }),
      err: errorForLog,
    },
    customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'error' : 'info'),
    customSuccessObject: (request, _response, value: object) => ({ req: request, ...value }),
    customErrorObject: (request, _response, _error, value: object) => ({ req: request, ...value, err: undefined }),
    customSuccessMessage: (request, response) => line(request, response),
    customErrorMessage: (request, response) => line(request, response),
    // Asked every few seconds by whoever supervises this process.
    autoLogging: { ignore: (request) => /^\/(health\/|metrics$)/.test(addressOf(request)) },
  });
}

/** As it was sent: Express shortens `url` on its way through the routers. */
function addressOf(request: IncomingMessage & { originalUrl?: string }): string {
  return request.originalUrl ?? request.url ?? '';
}

function line(request: IncomingMessage, response: ServerResponse): string {
  return `${request.method} ${addressOf(request).split('?', 1).join()} ${response.statusCode}`;
}
