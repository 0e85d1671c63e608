import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { IDEMPOTENCY_KEY } from '../../platform/http/openapi-problems.js';

export const IDEMPOTENT = 'command-center:idempotent';

/**
 * A POST that makes something: sent again with the same Idempotency-Key it makes nothing more and answers what it
 * answered first. All that the route does is one transaction with that answer, so it must neither commit something
 * and then fail on purpose, nor wait long for another system.
 */
export function Idempotent(): MethodDecorator {
  return applyDecorators(
    SetMetadata(IDEMPOTENT, true),
    ApiHeader({
      name: IDEMPOTENCY_KEY,
      description: 'Names this request: sent again with the same key it is done once and answered alike, for 24 hours',
      required: false,
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
      example: '8e03978e-40d5-43e8-bc93-6894a57f9324',
    }),
  );
}
