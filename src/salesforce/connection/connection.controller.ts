import { Body, Controller, Delete, Get, HttpCode, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { Idempotent } from '../../accounts/idempotency/idempotent.js';
import { Config } from '../../config/config.js';
import { AlsoRefuses } from '../../platform/http/openapi-problems.js';
import { setShortCookie } from '../../platform/http/short-cookie.js';
import { CONNECT_COOKIE } from './callback.controller.js';
import { ConnectByKey, ConnectionStarted, ConnectionView, StartConnection } from './connection.dto.js';
import { viewOfConnection } from './connection-view.js';
import { ConnectionService } from './connection.service.js';
import { type Asked, ConnectService } from './connect.service.js';

@ApiTags('salesforce')
@Controller('v1/salesforce/connection')
export class ConnectionController {
  constructor(
    private readonly connect: ConnectService,
    private readonly connection: ConnectionService,
    private readonly config: Config,
  ) {}

  /** Begins to connect the team's Salesforce org, or to connect it again. The answer sets a cookie: only the browser that
   * has it, or one in which an admin of the team is signed in, may come back from Salesforce */
  @Post()
  @Idempotent()
  @Access({ role: 'admin', scope: 'salesforce:write' })
  @AlsoRefuses({ 502: 'The External Client App is not configured, or Salesforce refuses it' })
  async start(
    @CurrentPrincipal() principal: Principal,
    @Body() body: StartConnection,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ConnectionStarted> {
    const { url, state } = await this.connect.begin(principal, askedOf(body));
    setShortCookie(response, this.config.publicUrl.startsWith('https:'), CONNECT_COOKIE, state);
    return { authorize_url: url };
  }

  /** Connects the team's Salesforce org at once, without a person: the key of this installation signs, in the name of an
   * integration user whom the External Client App has approved (JWT bearer flow) */
  @Post('jwt')
  @HttpCode(200)
  @Access({ role: 'admin', scope: 'salesforce:write' })
  @AlsoRefuses({
    409: 'This installation has no key, or the org is of another team',
    502: 'Salesforce refuses it; `detail` says why',
    503: 'Salesforce does not answer',
  })
  async connectByKey(@CurrentPrincipal() principal: Principal, @Body() body: ConnectByKey): Promise<ConnectionView> {
    await this.connect.byKey(principal, body.username, askedOf(body));
    return this.view(principal.teamId);
  }

  /** How the connection stands */
  @Get()
  @Access({ role: 'admin', scope: 'salesforce:read' })
  async get(@CurrentPrincipal() { teamId }: Principal): Promise<ConnectionView> {
    return this.view(teamId);
  }

  /** Forgets the log-in, here and in Salesforce; links stay for the day it is connected again */
  @Delete()
  @HttpCode(204)
  @Access({ role: 'admin', scope: 'salesforce:write' })
  async disconnect(@CurrentPrincipal() { teamId, actor }: Principal): Promise<void> {
    await this.connection.disconnect(teamId, actor);
  }

  /** Stops all sync of the team until it is resumed; work is kept */
  @Post('pause')
  @HttpCode(200)
  @Access({ role: 'admin', scope: 'salesforce:write' })
  async pause(@CurrentPrincipal() { teamId, actor }: Principal): Promise<ConnectionView> {
    await this.connection.pause(teamId, actor);
    return this.view(teamId);
  }

  /** Goes on with the sync of the team */
  @Post('resume')
  @HttpCode(200)
  @Access({ role: 'admin', scope: 'salesforce:write' })
  async resume(@CurrentPrincipal() { teamId, actor }: Principal): Promise<ConnectionView> {
    await this.connection.resume(teamId, actor);
    return this.view(teamId);
  }

  private async view(teamId: string): Promise<ConnectionView> {
    return viewOfConnection(await this.connection.overview(teamId), this.connection.keyReady);
  }
}

function askedOf({ login_url: loginUrl, leave_org: leaveOrg }: StartConnection): Asked {
  return { loginUrl, leaveOrg };
}
