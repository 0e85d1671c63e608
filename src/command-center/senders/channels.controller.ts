import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { Idempotent } from '../../accounts/idempotency/idempotent.js';
import { IfMatch } from '../../platform/http/conditions.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { ChannelList, ChannelView, CreateChannel, UpdateChannel } from './channels.dto.js';
import { ChannelsService } from './channels.service.js';

@ApiTags('channels')
@Controller('v1/channels')
export class ChannelsController {
  constructor(private readonly channels: ChannelsService) {}

  /** The mail servers that the caller's emails can go out by: the team's and their own; for admins everybody's */
  @Get()
  @Access({ role: 'member', scope: 'emails:read' })
  list(@CurrentPrincipal() principal: Principal): Promise<ChannelList> {
    return this.channels.list(principal);
  }

  /** Sets up a channel. Nothing is sent by it before somebody writes: test it first */
  @Post()
  @Idempotent()
  @Access({ role: 'member', scope: 'emails:write' })
  create(@CurrentPrincipal() principal: Principal, @Body() body: CreateChannel): Promise<ChannelView> {
    return this.channels.create(principal, body);
  }

  /** One channel */
  @Get(':id')
  @Access({ role: 'member', scope: 'emails:read' })
  get(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<ChannelView> {
    return this.channels.get(principal, id);
  }

  /** Changes a channel; one that was stopped goes on */
  @Patch(':id')
  @Access({ role: 'member', scope: 'emails:write' })
  update(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @IfMatch() ifMatch: string | undefined,
    @Body() body: UpdateChannel,
  ): Promise<ChannelView> {
    return this.channels.update(principal, id, ifMatch, body);
  }

  /** Begins nothing more by the channel; what is due waits */
  @Post(':id/pause')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'emails:write' })
  pause(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<ChannelView> {
    return this.channels.pause(principal, id);
  }

  /** Goes on sending, also after the server has refused the log-in or an address */
  @Post(':id/resume')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'emails:write' })
  resume(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<ChannelView> {
    return this.channels.resume(principal, id);
  }

  /** Removes a channel and forgets its password; addresses that used it fall back to one's own or the team's */
  @Delete(':id')
  @HttpCode(204)
  @Access({ role: 'member', scope: 'emails:write' })
  remove(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<void> {
    return this.channels.remove(principal, id);
  }
}
