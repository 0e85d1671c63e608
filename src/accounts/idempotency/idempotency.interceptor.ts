import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import type { RequestWithPrincipal } from '../access.js';
import { keyOf, requestHash } from './idempotency-key.js';
import { IDEMPOTENT } from './idempotent.js';
import { type Answer, KeptAnswers, type KeyIdentity } from './kept-answers.repository.js';

const KEPT_HEADERS = ['location', 'etag'] as const;
const RETRY_AFTER_SECONDS = 1;

/**
 * Does what an @Idempotent() route does once for each Idempotency-Key, and answers alike whenever it is asked again.
 *
 *   begin → lock the key, or 409 → kept? answer that → do the work → keep the answer → commit → answer
 *
 * Invariants:
 * 1. What the route made and its kept answer are one commit: there is never the one without the other, wherever the
 *    process dies. Who asks again gets the answer, or (nothing was committed) has the work done now.
 * 2. The lock is the transaction's: Postgres ends it with the connection of a process that is gone.
 * 3. A refusal (4xx) or failure (5xx) undoes everything and keeps nothing: asked again, the request may succeed.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly transactions: Transactions,
    private readonly answers: KeptAnswers,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (!this.reflector.get<boolean | undefined>(IDEMPOTENT, context.getHandler())) return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<RequestWithPrincipal>();
    const key = keyOf(request.headers['idempotency-key']);
    const { principal } = request;
    if (key === undefined || !principal) return next.handle();
    const id = { teamId: principal.teamId, actor: principal.actor, key };
    const hash = requestHash(request.method, request.originalUrl, request.body);
    const response = http.getResponse<Response>();
    return from(this.once(id, hash, response, () => lastValueFrom(next.handle(), { defaultValue: undefined })));
  }

  private async once(
    id: KeyIdentity,
    hash: string,
    response: Response,
    work: () => Promise<unknown>,
  ): Promise<unknown> {
    const { answer, replayed } = await this.transactions.run(async (tx) => {
      if (!(await this.answers.lock(tx, id))) {
        throw new ProductError('idempotency_in_progress', undefined, [], { retryAfterSeconds: RETRY_AFTER_SECONDS });
      }
      const kept = await this.answers.find(tx, id);
      if (kept && kept.requestHash !== hash) throw new ProductError('idempotency_key_reused');
      if (kept) return { answer: kept, replayed: true };
      const body = await this.transactions.within(tx, work);
      const made: Answer = { status: response.statusCode, headers: keptHeaders(response), body };
      await this.answers.keep(tx, id, hash, made);
      return { answer: made, replayed: false };
    });
    if (replayed) {
      response.status(answer.status).set(answer.headers).set('Idempotency-Replayed', 'true');
    }
    return answer.body;
  }
}

function keptHeaders(response: Response): Record<string, string> {
  const found = KEPT_HEADERS.map((name) => [name, response.getHeader(name)] as const);
  return Object.fromEntries(found.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}
