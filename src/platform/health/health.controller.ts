import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { ProductError } from '../errors/product-error.js';
import { Public } from '../http/public.js';
import { HealthView } from './health.dto.js';
import { Readiness } from './readiness.js';

@ApiTags('health')
@Controller('health')
@Public()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** Whether the process lives: restart it when this fails */
  @Get('live')
  live(): HealthView {
    return { status: 'ok' };
  }

  /** Whether it can work: Postgres and Redis answer, migrations are applied. Send nothing here while this fails (503) */
  @Get('ready')
  @ApiOkResponse({ type: HealthView })
  @ApiServiceUnavailableResponse({
    description: 'Not ready: errors names what is missing',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDetails' } } },
  })
  async ready(): Promise<HealthView> {
    const missing = await this.readiness.missing();
    if (missing.length === 0) return { status: 'ok' };
    const what = missing.map(({ field, message }) => `${field} ${message}`).join(', ');
    throw new ProductError('unavailable', `Not ready: ${what}.`, missing);
  }
}
