import { Module } from '@nestjs/common';
import { EmailsModule } from '../../command-center/emails/emails.module.js';
import { FilesModule } from '../../command-center/files/files.module.js';
import { ContentLinks } from './content-links.js';
import { TrackedContentController } from './tracked-content.controller.js';

/** Files that go out as links. */
@Module({
  imports: [EmailsModule, FilesModule],
  controllers: [TrackedContentController],
  providers: [ContentLinks],
  exports: [ContentLinks],
})
export class TrackedContentModule {}
