import { Module } from '@nestjs/common';
import { ClockModule } from './clock/clock.module.js';
import { DatabaseModule } from './database/database.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import { LoggingModule } from './logging/logging.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { RateLimitsModule } from './rate-limits/rate-limits.module.js';
import { MailModule } from './mail/mail.module.js';
import { SetAsideModule } from './set-aside/set-aside.module.js';
import { SecretsModule } from './secrets/secrets.module.js';

/** What every room stands on; it knows nothing about the product. */
@Module({
  imports: [
    ...[LoggingModule, ClockModule, DatabaseModule, SecretsModule, MailModule, RateLimitsModule],
    ...[HttpModule, HealthModule, MetricsModule, SetAsideModule],
  ],
})
export class PlatformModule {}
