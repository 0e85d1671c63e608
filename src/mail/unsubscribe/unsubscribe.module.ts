import { Module } from '@nestjs/common';
import { UnsubscribeLinks } from './unsubscribe-links.js';

/** The way out that every commercial email offers. */
@Module({
  providers: [UnsubscribeLinks],
  exports: [UnsubscribeLinks],
})
export class UnsubscribeModule {}
