import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Response } from 'express';
import type { Observable } from 'rxjs';
import { Config } from '../config/config.js';
import { ProductError } from '../platform/errors/product-error.js';
import { type Allowance, type Limit, RateLimits } from '../platform/rate-limits/rate-limits.js';
import type { RequestWithPrincipal } from './access.js';

const WINDOW_SECONDS = 60;

/**
 * Limits how many requests a user, a key of a team, or (on routes without sign-in) an address may send, and tells each
 * caller where it stands (draft-ietf-httpapi-ratelimit-headers). What supervises this process is never kept out.
 */
@Injectable()
export class RequestLimitInterceptor implements NestInterceptor {
  constructor(
    private readonly limits: RateLimits,
    private readonly config: Config,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<RequestWithPrincipal>();
    if (/^\/(v1|u)\//i.test(request.path)) await this.take(request, http.getResponse<Response>());
    return next.handle();
  }

  private async take({ principal, ip }: RequestWithPrincipal, response: Response): Promise<void> {
    const name = principal ? 'caller' : 'address';
    const key = principal ? `${principal.teamId}:${principal.actor}` : (ip ?? '');
    const variable = principal ? 'RATE_LIMIT_PER_MINUTE' : 'RATE_LIMIT_PUBLIC_PER_MINUTE';
    const limit: Limit = { points: this.config.get(variable), durationSeconds: WINDOW_SECONDS };
    try {
      const allowance = await this.limits.take(name, key, limit);
      if (allowance) setHeaders(response, name, limit, allowance);
    } catch (error) {
      const { retryAfterSeconds = WINDOW_SECONDS } = error instanceof ProductError ? error.extra : {};
      setHeaders(response, name, limit, { remaining: 0, resetSeconds: retryAfterSeconds });
      throw error;
    }
  }
}

function setHeaders(response: Response, name: string, limit: Limit, { remaining, resetSeconds }: Allowance): void {
  response.setHeader('RateLimit-Policy', `"${name}";q=${limit.points};w=${limit.durationSeconds}`);
  response.setHeader('RateLimit', `"${name}";r=${remaining};t=${resetSeconds}`);
}
