import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';
import { Config } from '../../config/config.js';
import { requestLog } from '../logging/request-log.js';
import { httpMetrics } from '../metrics/http-metrics.js';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { ROOT_LOGGER } from '../logging/root-logger.js';
import { ProductError } from '../errors/product-error.js';
import { answerOptions } from './allowed-methods.js';
import { JSON_TYPES, jsonOnly } from './json-only.js';
import { OtherBodies } from './other-bodies.js';
import { serveOpenApi } from './openapi.js';
import { plainBody } from './plain-body.js';
import { requestId } from './request-id.js';
import { securityHeaders } from './security-headers.js';
import { BUILT_PAGE, servePage } from './serve-page.js';
import { answerUnreadable } from './unreadable-requests.js';

const BODY_LIMIT = '1mb';

/**
 * What stands before Nest's routes, in this order: whatever fails later has a request id and a line in the log.
 * The application must have been created with `bodyParser: false`.
 */
export async function configureHttp(app: NestExpressApplication, page = BUILT_PAGE): Promise<void> {
  const config = app.get(Config);
  const logger = app.get<Logger>(ROOT_LOGGER);
  const https = config.publicUrl.startsWith('https:');
  answerUnreadable(app.getHttpServer(), config.publicUrl, logger);
  app.disable('x-powered-by');
  // Only what has a version has an ETag (VersionTagInterceptor).
  app.disable('etag');
  app.set('trust proxy', config.get('TRUSTED_PROXIES'));
  app.use(requestId);
  app.use(requestLog(logger));
  app.use(httpMetrics(app.get(MetricsRegistry)));
  app.use(securityHeaders(https));
  if (config.get('ROLE') === 'worker') app.use(healthOnly);
  app.use(answerOptions(app.getHttpAdapter().getInstance()));
  app.use(servePage(page, https));
  app.use(jsonOnly(app.get(OtherBodies)));
  app.useBodyParser('json', { limit: BODY_LIMIT, strict: true, type: JSON_TYPES });
  app.use(plainBody);
  await serveOpenApi(app);
}

function healthOnly(request: Request, _response: Response, next: NextFunction): void {
  const allowed = request.path.startsWith('/health/') || request.path === '/metrics';
  next(allowed ? undefined : new ProductError('not_found', 'This process works in the background and serves no API.'));
}
