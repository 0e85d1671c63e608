import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { Config } from '../../config/config.js';
import { requestLog } from '../logging/request-log.js';
import { ROOT_LOGGER } from '../logging/root-logger.js';
import { ProductError } from '../errors/product-error.js';
import { JSON_TYPES, jsonOnly } from './json-only.js';
import { serveOpenApi } from './openapi.js';
import { plainBody } from './plain-body.js';
import { requestId } from './request-id.js';
import { servePage } from './serve-page.js';

const BODY_LIMIT = '1mb';

/**
 * What stands before Nest's routes, in this order: whatever fails later has a request id and a line in the log.
 * The application must have been created with `bodyParser: false`.
 */
export async function configureHttp(app: NestExpressApplication): Promise<void> {
  const config = app.get(Config);
  app.disable('x-powered-by');
  // Only what has a version has an ETag (VersionTagInterceptor).
  app.disable('etag');
  app.use(requestId);
  app.use(requestLog(app.get<Logger>(ROOT_LOGGER)));
  app.use(securityHeaders(config.publicUrl.startsWith('https:')));
  if (config.get('ROLE') === 'worker') app.use(healthOnly);
  app.use(jsonOnly);
  app.useBodyParser('json', { limit: BODY_LIMIT, strict: true, type: JSON_TYPES });
  app.use(plainBody);
  await serveOpenApi(app);
  if (config.get('ROLE') !== 'worker') servePage(app);
}

function securityHeaders(https: boolean) {
  const own = ["'self'"];
  const nothing = ["'none'"];
  const headers = (directives: Record<string, string[]>) =>
    helmet({
      strictTransportSecurity: https,
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: nothing,
          scriptSrc: own,
          styleSrc: own,
          imgSrc: [...own, 'data:'],
          fontSrc: own,
          connectSrc: own,
          formAction: own,
          baseUri: nothing,
          frameAncestors: nothing,
          ...directives,
          // Without TLS in front (a trial on a laptop) an upgrade would make the pages unreachable.
          ...(https && { upgradeInsecureRequests: [] }),
        },
      },
    });
  const strict = headers({});
  // Swagger's page writes styles into itself.
  const docs = headers({ styleSrc: [...own, "'unsafe-inline'"] });
  return (request: Request, response: Response, next: NextFunction): void => {
    response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
    // Answers are about people; a file of the page says otherwise for itself.
    response.setHeader('Cache-Control', 'no-store');
    (/^\/docs(\/|$)/.test(request.path) ? docs : strict)(request, response, next);
  };
}

function healthOnly(request: Request, _response: Response, next: NextFunction): void {
  const allowed = request.path.startsWith('/health/');
  next(allowed ? undefined : new ProductError('not_found', 'This process works in the background and serves no API.'));
}
