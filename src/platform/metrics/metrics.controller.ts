import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import { ApiForbiddenResponse, ApiOkResponse, ApiProduces, ApiTags, ApiUnauthorizedResponse } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Config } from '../../config/config.js';
import { ProductError } from '../errors/product-error.js';
import { Public } from '../http/public.js';
import { metricsAccess } from './metrics-access.js';
import { MetricsRegistry } from './metrics-registry.js';

const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];
const PROBLEM = {
  'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDetails' } },
};

@ApiTags('health')
@Controller('metrics')
@Public()
export class MetricsController {
  constructor(
    private readonly metrics: MetricsRegistry,
    private readonly config: Config,
  ) {}

  /** Figures of this process and the installation, in Prometheus' text format; with METRICS_TOKEN, or from this machine */
  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiProduces('text/plain')
  @ApiOkResponse({ content: { 'text/plain': { schema: { type: 'string' } } } })
  @ApiUnauthorizedResponse({ description: 'METRICS_TOKEN is set and was not sent', content: PROBLEM })
  @ApiForbiddenResponse({ description: 'No METRICS_TOKEN is set, and you are elsewhere', content: PROBLEM })
  async read(@Req() request: Request, @Res() response: Response): Promise<void> {
    const access = metricsAccess(this.config.get('METRICS_TOKEN'), {
      // Of the connection itself: what a proxy claims does not count here.
      remoteAddress: request.socket.remoteAddress,
      authorization: request.headers.authorization,
      proxied: PROXY_HEADERS.some((name) => request.headers[name] !== undefined),
    });
    if (access === 'token_wrong')
      throw new ProductError('unauthenticated', 'Send Authorization: Bearer METRICS_TOKEN.');
    if (access === 'not_local') {
      throw new ProductError('forbidden', 'Set METRICS_TOKEN to read the metrics from another machine.');
    }
    const text = await this.metrics.exposition();
    response.status(200).setHeader('Content-Type', this.metrics.contentType);
    response.end(text);
  }
}
