import { Module, type OnModuleInit } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { TeamData } from '../../accounts/team-data.js';
import { OtherBodies } from '../../platform/http/other-bodies.js';
import { FileHolders } from './file-holders.js';
import { FileStorage } from './file-storage.js';
import { FilesController } from './files.controller.js';
import { FilesService } from './files.service.js';
import { UnusedFiles } from './unused-files.js';

/** Files that go with emails, apart from what is written. */
@Module({
  imports: [AccountsModule],
  controllers: [FilesController],
  providers: [FilesService, FileStorage, FileHolders, UnusedFiles],
  exports: [FileStorage, FileHolders],
})
export class FilesModule implements OnModuleInit {
  constructor(
    private readonly teamData: TeamData,
    private readonly bodies: OtherBodies,
  ) {}

  onModuleInit(): void {
    this.bodies.take('/v1/files', 'application/octet-stream');
    this.teamData.register({
      tables: [
        { name: 'files', refersTo: ['users'] },
        { name: 'file_chunks', refersTo: ['files'] },
      ],
    });
  }
}
