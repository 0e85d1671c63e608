import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { Idempotent } from '../../accounts/idempotency/idempotent.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { IfMatch } from '../../platform/http/conditions.js';
import { AlsoRefuses } from '../../platform/http/openapi-problems.js';
import { PageQuery } from '../../platform/http/page.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { answerWithFile } from '../files/file-response.js';
import { FileStorage } from '../files/file-storage.js';
import { EmailActions } from './email-actions.service.js';
import { BulkEmailResults, BulkEmails, RetryEmail } from './email-bulk.dto.js';
import { EmailCounts, EmailCountsQuery, EmailListQuery, EmailPage } from './email-lists.dto.js';
import { EmailReads } from './email-reads.service.js';
import { EmailDetail, EmailEventPage } from './email-view.dto.js';
import { CreateEmail, Schedule, UpdateEmail } from './emails.dto.js';
import { EmailsService } from './emails.service.js';

const TOO_LATE = 'It has left, or is leaving';
const NOT_READY = 'there is no confirmed address to send from, or no delivery channel';

@ApiTags('emails')
@Controller('v1/emails')
export class EmailsController {
  constructor(
    private readonly emails: EmailsService,
    private readonly reads: EmailReads,
    private readonly actions: EmailActions,
    private readonly storage: FileStorage,
  ) {}

  /** The emails of a folder */
  @Get()
  @Access({ role: 'member', scope: 'emails:read' })
  list(@CurrentPrincipal() principal: Principal, @Query() query: EmailListQuery): Promise<EmailPage> {
    return this.reads.page(principal, query);
  }

  /** How many emails each folder has */
  @Get('counts')
  @Access({ role: 'member', scope: 'emails:read' })
  counts(@CurrentPrincipal() principal: Principal, @Query() query: EmailCountsQuery): Promise<EmailCounts> {
    return this.reads.counts(principal, query);
  }

  /** A file that goes with an email */
  @Get(':id/attachments/:file_id')
  @Access({ role: 'member', scope: 'emails:read' })
  @ApiOkResponse({ content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } })
  async attachment(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Param('file_id', UuidParam) fileId: string,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.reads.attachment(principal, id, fileId);
    const bytes = this.storage.read(principal.teamId, { id: file.fileId, size: file.size });
    await answerWithFile(response, file, bytes, 'keep').catch(() => response.destroy());
  }

  /** Writes an email to one person: a draft, or, with a schedule, one on its way. One that cannot be sent is filed under Failed with the reason */
  @Post()
  @Idempotent()
  @AlsoRefuses({ 409: 'There is no confirmed address to send from, or no delivery channel' })
  @Access({ role: 'member', scope: 'emails:write' })
  create(@CurrentPrincipal() principal: Principal, @Body() body: CreateEmail): Promise<EmailDetail> {
    return this.emails.create(principal, body);
  }

  /** One action on up to 200 emails, with a result for each */
  @Post('bulk')
  @Idempotent()
  @HttpCode(200)
  @Access({ role: 'member', scope: 'emails:write' })
  async runBulk(@CurrentPrincipal() principal: Principal, @Body() body: BulkEmails): Promise<BulkEmailResults> {
    return { results: await this.actions.run(principal, body) };
  }

  /** One email, with what it said and each try to send it */
  @Get(':id')
  @Access({ role: 'member', scope: 'emails:read' })
  get(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<EmailDetail> {
    return this.reads.get(principal, id);
  }

  /** What happened to an email, newest first */
  @Get(':id/events')
  @Access({ role: 'member', scope: 'emails:read' })
  events(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Query() query: PageQuery,
  ): Promise<EmailEventPage> {
    return this.reads.events(principal, id, query);
  }

  /** Changes a draft, or a scheduled email that has not left, which stays scheduled */
  @Patch(':id')
  @AlsoRefuses({ 409: `${TOO_LATE}; or ${NOT_READY}` })
  @Access({ role: 'member', scope: 'emails:write' })
  update(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @IfMatch() ifMatch: string | undefined,
    @Body() body: UpdateEmail,
  ): Promise<EmailDetail> {
    if (ifMatch === undefined) throw new ProductError('precondition_required');
    return this.emails.update(principal, id, ifMatch, body);
  }

  /** Schedules a draft, or gives a scheduled email another time; `{}`: now */
  @Post(':id/schedule')
  @HttpCode(200)
  @AlsoRefuses({ 409: `${TOO_LATE}; or ${NOT_READY}` })
  @Access({ role: 'member', scope: 'emails:write' })
  schedule(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Body() body: Schedule,
  ): Promise<EmailDetail> {
    return this.emails.schedule(principal, id, body);
  }

  /** Takes a scheduled email back to the drafts, until it leaves */
  @Post(':id/unschedule')
  @HttpCode(200)
  @AlsoRefuses({ 409: TOO_LATE })
  @Access({ role: 'member', scope: 'emails:write' })
  unschedule(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<EmailDetail> {
    return this.emails.unschedule(principal, id);
  }

  /** Sends an undelivered email at once, after looking again at why it failed */
  @Post(':id/retry')
  @HttpCode(200)
  @AlsoRefuses({ 409: `It is not undelivered, or uncertain and not confirmed; or ${NOT_READY}` })
  @Access({ role: 'member', scope: 'emails:write' })
  retry(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Body() { even_if_uncertain: evenIfUncertain }: RetryEmail,
  ): Promise<EmailDetail> {
    return this.actions.seen(principal, id, 'retry', evenIfUncertain);
  }

  /** Archives a delivered email, which turns its tracking off */
  @Post(':id/archive')
  @HttpCode(200)
  @AlsoRefuses({ 409: 'It is not delivered' })
  @Access({ role: 'member', scope: 'emails:write' })
  archive(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<EmailDetail> {
    return this.actions.seen(principal, id, 'archive');
  }

  /** Brings an archived email back to Delivered, with its tracking on */
  @Post(':id/unarchive')
  @HttpCode(200)
  @AlsoRefuses({ 409: 'It is not archived' })
  @Access({ role: 'member', scope: 'emails:write' })
  unarchive(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<EmailDetail> {
    return this.actions.seen(principal, id, 'unarchive');
  }

  /** Marks a sent email as a success: a mark of one's own, counted in figures */
  @Post(':id/success')
  @HttpCode(200)
  @AlsoRefuses({ 409: 'It is not sent' })
  @Access({ role: 'member', scope: 'emails:write' })
  success(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<EmailDetail> {
    return this.actions.seen(principal, id, 'success');
  }

  /** Takes that mark away */
  @Delete(':id/success')
  @HttpCode(200)
  @AlsoRefuses({ 409: 'It is not sent' })
  @Access({ role: 'member', scope: 'emails:write' })
  noSuccess(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<EmailDetail> {
    return this.actions.seen(principal, id, 'no_success');
  }

  /** Deletes an email that is not sent, or archived; a scheduled one is cancelled until it leaves */
  @Delete(':id')
  @HttpCode(204)
  @AlsoRefuses({ 409: 'It is being sent, or was delivered and is not archived' })
  @Access({ role: 'member', scope: 'emails:write' })
  remove(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<void> {
    return this.actions.one(principal, id, 'delete');
  }
}
