import { Body, Controller, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { Idempotent } from '../../accounts/idempotency/idempotent.js';
import { IfMatch } from '../../platform/http/conditions.js';
import { AlsoRefuses } from '../../platform/http/openapi-problems.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { BatchAudience } from './batch-audience.js';
import {
  BatchCheck,
  BatchRecipients,
  CreateEmailBatch,
  EmailBatchView,
  EmailPreview,
  PreviewEmail,
  UpdatedEmailBatch,
  UpdateEmailBatch,
} from './email-batches.dto.js';
import { EmailBatches } from './email-batches.service.js';

const NOT_READY = 'There is no confirmed address to send from, or no delivery channel';

@ApiTags('emails')
@Controller('v1/email-batches')
export class EmailBatchesController {
  constructor(
    private readonly batches: EmailBatches,
    private readonly audience: BatchAudience,
  ) {}

  /** Select and Send, or Group Email: an email of its own for each person. Those who cannot be sent to are filed under Failed with the reason; nobody is left out in silence */
  @Post()
  @Idempotent()
  @AlsoRefuses({ 409: NOT_READY })
  @Access({ role: 'member', scope: 'emails:write' })
  create(@CurrentPrincipal() principal: Principal, @Body() body: CreateEmailBatch): Promise<EmailBatchView> {
    return this.batches.create(principal, body);
  }

  /** Who would not get it, and why, before it is sent */
  @Post('check')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'emails:read' })
  check(@CurrentPrincipal() principal: Principal, @Body() body: BatchRecipients): Promise<BatchCheck> {
    return this.audience.check(principal, body);
  }

  /** How an email looks to a person, before it is sent */
  @Post('preview')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'emails:read' })
  preview(@CurrentPrincipal() principal: Principal, @Body() body: PreviewEmail): Promise<EmailPreview> {
    return this.audience.preview(principal, body);
  }

  /** One's own bulk email, and where its emails are */
  @Get(':id')
  @Access({ role: 'member', scope: 'emails:read' })
  get(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<EmailBatchView> {
    return this.batches.get(principal, id);
  }

  /** Changes all emails of it that have not left; what was edited singly is overwritten */
  @Patch(':id')
  @AlsoRefuses({ 409: `All of them have left, or are deleted; or: ${NOT_READY}` })
  @Access({ role: 'member', scope: 'emails:write' })
  update(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @IfMatch() ifMatch: string | undefined,
    @Body() body: UpdateEmailBatch,
  ): Promise<UpdatedEmailBatch> {
    return this.batches.update(principal, id, ifMatch, body);
  }
}
