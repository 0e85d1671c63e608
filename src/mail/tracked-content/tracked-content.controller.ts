import { Controller, Get, Logger, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { EmailAttachments } from '../../command-center/emails/email-attachments.js';
import type { Attachment } from '../../command-center/files/attachments.js';
import { answerWithFile } from '../../command-center/files/file-response.js';
import { FileStorage } from '../../command-center/files/file-storage.js';
import { Public } from '../../platform/http/public.js';
import { PAGE_HEADERS } from '../links/public-page.js';
import { ContentLinks, type ContentTarget } from './content-links.js';
import { failedContentPage, noContentPage } from './content-page.js';

/** Files that were sent as links, for whoever got the email. */
@ApiExcludeController()
@Controller('c/:token')
@Public()
export class TrackedContentController {
  private readonly logger = new Logger('TrackedContent');

  constructor(
    private readonly links: ContentLinks,
    private readonly attachments: EmailAttachments,
    private readonly storage: FileStorage,
  ) {}

  @Get()
  async open(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const target = this.links.read(token);
    if (!target) return show(response, 404, noContentPage());
    let file: Attachment | undefined;
    try {
      file = await this.attachments.linked(target.teamId, target.emailId, target.fileId);
    } catch (error) {
      this.logger.error({ err: error }, 'a file behind a link could not be looked up');
      return show(response, 503, failedContentPage());
    }
    if (!file) return show(response, 404, noContentPage());
    await this.answer(target, file, response);
  }

  private async answer({ teamId }: ContentTarget, file: Attachment, response: Response): Promise<void> {
    const bytes = this.storage.read(teamId, { id: file.fileId, size: file.size });
    // A file that breaks off is cut, never ended as if it were whole.
    await answerWithFile(response, file, bytes, 'show').catch((error: unknown) => {
      this.logger.warn({ err: error }, 'a file behind a link broke off');
      response.destroy();
    });
  }
}

function show(response: Response, status: number, page: string): void {
  response.status(status).set(PAGE_HEADERS).send(page);
}
