import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { AlsoRefuses } from '../../platform/http/openapi-problems.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { ChannelTestResult, CodeSent } from './channel-tests.dto.js';
import { ChannelTests } from './channel-tests.service.js';
import { IdentityCodes } from './identity-codes.service.js';

@Controller('v1')
export class ChannelTestsController {
  constructor(
    private readonly tests: ChannelTests,
    private readonly codes: IdentityCodes,
  ) {}

  /** Sends a test mail by the channel to the caller's own address and says in words what is wrong, if anything is */
  @Post('channels/:id/test')
  @ApiTags('channels')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'emails:write' })
  test(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<ChannelTestResult> {
    return this.tests.run(principal, id);
  }

  /** Mails a code to the address, by the installation's mail server or the team's channel; an older code is void */
  @Post('identities/:id/code')
  @ApiTags('identities')
  @HttpCode(200)
  @AlsoRefuses({ 409: 'Confirmed already, or no channel of the team', 502: 'The mail server did not take the code' })
  @Access({ role: 'member', scope: 'emails:write' })
  code(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<CodeSent> {
    return this.codes.send(principal, id);
  }
}
