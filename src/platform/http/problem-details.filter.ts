import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable, Logger, NotFoundException } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Express, Request, Response } from 'express';
import { Config } from '../../config/config.js';
import { sqlState } from '../database/transactions.js';
import { ProductError } from '../errors/product-error.js';
import { allowedMethods } from './allowed-methods.js';
import { problemOf } from './problem.js';

/** Renders every failure as `application/problem+json` (RFC 9457), and logs those that are ours. */
@Catch()
@Injectable()
export class ProblemDetailsFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  constructor(
    private readonly config: Config,
    private readonly host: HttpAdapterHost,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const allowed = error instanceof NotFoundException ? this.otherMethods(request) : [];
    if (allowed.length > 0) response.setHeader('Allow', allowed.join(', '));
    const refusal = allowed.length > 0 ? new ProductError('method_not_allowed') : error;
    const { status, code, title, detail, errors, retryAfterSeconds } = problemOf(refusal);
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

  /** Nest found no route: is there one for another method? */
  private otherMethods({ path }: Request): string[] {
    return allowedMethods(this.host.httpAdapter.getInstance<Express>(), path);
  }
}
