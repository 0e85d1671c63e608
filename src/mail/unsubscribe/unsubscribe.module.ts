import { Module, type OnModuleInit } from '@nestjs/common';
import { EmailsModule } from '../../command-center/emails/emails.module.js';
import { PeopleModule } from '../../command-center/people/people.module.js';
import { OtherBodies } from '../../platform/http/other-bodies.js';
import { LinkUnsubscribes } from './link-unsubscribes.js';
import { FORM_TYPES } from './unsubscribe-form.js';
import { UnsubscribeLinks } from './unsubscribe-links.js';
import { UnsubscribeController } from './unsubscribe.controller.js';

/** How people who get emails say that they want no more. */
@Module({
  imports: [PeopleModule, EmailsModule],
  controllers: [UnsubscribeController],
  providers: [UnsubscribeLinks, LinkUnsubscribes],
  exports: [UnsubscribeLinks],
})
export class UnsubscribeModule implements OnModuleInit {
  constructor(private readonly bodies: OtherBodies) {}

  onModuleInit(): void {
    this.bodies.takeBelow('/u/', FORM_TYPES);
  }
}
