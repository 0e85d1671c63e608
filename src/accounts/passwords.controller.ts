import { Body, Controller, HttpCode, Post, Put, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Config } from '../config/config.js';
import { ProductError } from '../platform/errors/product-error.js';
import { AlsoRefuses } from '../platform/http/openapi-problems.js';
import { RateLimits } from '../platform/rate-limits/rate-limits.js';
import { Access, CurrentPrincipal, type Principal, Public, requireUser } from './access.js';
import { MeService } from './me.service.js';
import { AskForReset, ChangePassword, SetPassword } from './passwords.dto.js';
import { PasswordsService } from './passwords.service.js';
import { isForeignSite } from './sessions/same-origin.js';
import { setSessionCookie } from './sessions/session-cookie.js';
import { PASSWORD_LIMITS } from './sign-in-limits.js';
import { MeView } from './team.dto.js';

@ApiTags('session')
@Controller('v1')
export class PasswordsController {
  constructor(
    private readonly passwords: PasswordsService,
    private readonly me: MeService,
    private readonly limits: RateLimits,
    private readonly config: Config,
  ) {}

  /** Mails a link for a new password to whoever has this address. Answers the same when nobody has it */
  @Post('password-reset')
  @HttpCode(202)
  @Public()
  async askForReset(@Body() { email }: AskForReset, @Req() request: Request): Promise<void> {
    await this.limits.take('reset-ip', request.ip ?? '', PASSWORD_LIMITS.resetsOfIp);
    await this.limits.take('reset-email', email, PASSWORD_LIMITS.resetsOfEmail);
    await this.passwords.askForReset(email);
  }

  /** Sets the password with the secret of an invitation or of a link for a new one, and signs in: the answer sets a
   * cookie. All other sessions of the person end */
  @Post('password')
  @HttpCode(200)
  @AlsoRefuses({ 403: 'Another site sent this' })
  @Public()
  async set(
    @Body() { token, password }: SetPassword,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MeView> {
    if (isForeignSite(request, this.config.publicUrl)) throw new ProductError('cross_site_refused');
    await this.limits.take('link-ip', request.ip ?? '', PASSWORD_LIMITS.linksOfIp);
    const agent = request.headers['user-agent'] ?? '';
    const { teamId, userId, session } = await this.passwords.setWithLink(token, password, agent);
    const view = await this.me.ofUser(teamId, userId);
    setSessionCookie(response, this.config.publicUrl.startsWith('https:'), session.token, session.expiresAt);
    return view;
  }

  /** Changes one's password; one's other sessions end */
  @Put('me/password')
  @HttpCode(204)
  @Access({ role: 'member', scope: 'any' })
  async change(@CurrentPrincipal() principal: Principal, @Body() body: ChangePassword): Promise<void> {
    const userId = requireUser(principal);
    await this.limits.take('password-change', userId, PASSWORD_LIMITS.changes);
    const { current_password: current, new_password: wanted } = body;
    const sessionId = principal.sessionId ?? null;
    await this.passwords.change({ teamId: principal.teamId, userId, current, wanted, sessionId });
    await this.limits.forget('password-change', userId);
  }
}
