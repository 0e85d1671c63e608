import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Config } from '../../config/config.js';
import { sqlState } from '../database/transactions.js';
import { ProductError } from '../errors/product-error.js';
import { problemOf } from './problem.js';

/** Renders every failure as `application/problem+json` (RFC 9457), and logs those that are ours. */
@Catch()
@Injectable()
export class ProblemDetailsFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  constructor(private readonly config: Config) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const { status, code, title, detail, errors, retryAfterSeconds } = problemOf(error);
    if (status >= 500) {
      if (error instanceof ProductError) this.logger.warn(`${code}: ${detail}`);
      else this.logger.error({ err: error }, `${request.method} ${request.path} failed`);
    } else if (sqlState(error) !== undefined) {
      this.logger.warn({ err: error }, `${request.method} ${request.path}: input that only the database refused`);
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="command-center"');
    if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
    const type = `${this.config.publicUrl}/errors/${code}`;
    response
      .status(status)
      .type('application/problem+json')
      .send(JSON.stringify({ type, title, status, detail, instance: request.id, code, errors }));
  }
}
