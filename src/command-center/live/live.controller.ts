import { Controller, Get, Headers, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { LiveStreams } from './live-streams.js';

const EXAMPLE = `id: 81234.517
event: task
data: {"id":"0199b8f2-7c1d-7e66-9f0c-2b9a3f4f5a10","change":"updated"}

id: 81236.520
event: sync
data: {"kind":"problem"}

`;

@ApiTags('live')
@Controller('v1/events')
export class LiveController {
  constructor(private readonly streams: LiveStreams) {}

  /** What changes, as it changes: server-sent events that name what to read again; resumable */
  @Get()
  @Access({ role: 'member', scope: 'any' })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'The id of the last event that was received' })
  @ApiOkResponse({
    description: 'An endless stream of the events task, sync and reset',
    content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE } },
  })
  @ApiResponse({
    status: 429,
    description: 'Too many streams of this caller are open',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDetails' } } },
  })
  async follow(
    @CurrentPrincipal() principal: Principal,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.streams.open(principal, lastEventId, request, response);
  }
}
