import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Config } from '../../config/config.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { AlsoRefuses } from '../../platform/http/openapi-problems.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { RateLimits } from '../../platform/rate-limits/rate-limits.js';
import { Access, CurrentPrincipal, type Principal, Public, requireUser } from '../access.js';
import { MeService } from '../me.service.js';
import { PASSWORD_LIMITS } from '../sign-in-limits.js';
import { MeView } from '../team.dto.js';
import { isForeignSite } from './same-origin.js';
import { clearSessionCookie, setSessionCookie } from './session-cookie.js';
import { SessionList, SignIn, SignInWithLink } from './sessions.dto.js';
import { SessionsService } from './sessions.service.js';
import { type SignedIn, SignInService } from './sign-in.service.js';

@ApiTags('session')
@Controller('v1')
export class SessionsController {
  constructor(
    private readonly signIn: SignInService,
    private readonly sessions: SessionsService,
    private readonly me: MeService,
    private readonly limits: RateLimits,
    private readonly config: Config,
  ) {}

  /** Signs in with an email address and a password: the answer sets a cookie. 409 `choose_team`: in `errors`, the teams
   * that they fit, of which `team_id` names one */
  @Post('session')
  @HttpCode(200)
  @AlsoRefuses({ 401: 'The email address or the password is wrong', 403: 'Another site sent this' })
  @Public()
  async withPassword(
    @Body() { email, password, team_id: teamId }: SignIn,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MeView> {
    this.refuseForeignSite(request);
    const credentials = { email, password, ...(teamId !== undefined && { teamId }) };
    // Counted before the password is looked at, so that many tries at once are not more.
    const tries = `${email} ${request.ip ?? ''}`;
    await this.limits.take('sign-in', tries, PASSWORD_LIMITS.triesOfEmail);
    await this.limits.take('sign-in-ip', request.ip ?? '', PASSWORD_LIMITS.triesOfIp);
    const signedIn = await this.signIn.withPassword(credentials, agentOf(request));
    await this.limits.forget('sign-in', tries);
    // An office that shares an address does not use it up by signing in.
    await this.limits.giveBack('sign-in-ip', request.ip ?? '', PASSWORD_LIMITS.triesOfIp);
    return this.opened(signedIn, response);
  }

  /** Signs in with the secret of a link: the answer sets a cookie */
  @Post('session/link')
  @HttpCode(200)
  @AlsoRefuses({ 403: 'Another site sent this' })
  @Public()
  async withLink(
    @Body() { token }: SignInWithLink,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MeView> {
    this.refuseForeignSite(request);
    await this.limits.take('link-ip', request.ip ?? '', PASSWORD_LIMITS.linksOfIp);
    return this.opened(await this.signIn.withLink(token, agentOf(request)), response);
  }

  /** Signs out: the session ends, and its cookie is taken back. With an API key there is nothing to end */
  @Delete('session')
  @HttpCode(204)
  @Access({ role: 'member', scope: 'any' })
  async signOut(
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const { teamId, userId, sessionId } = principal;
    if (userId === null || sessionId === undefined) throw new ProductError('conflict', 'You are not in a session.');
    await this.sessions.revoke(teamId, userId, sessionId);
    clearSessionCookie(response, this.https);
  }

  /** The browsers that one is signed in with, newest first */
  @Get('sessions')
  @Access({ role: 'member', scope: 'any' })
  async list(@CurrentPrincipal() principal: Principal): Promise<SessionList> {
    const sessions = await this.sessions.list(principal.teamId, requireUser(principal));
    return {
      data: sessions.map(({ id, method, userAgent, createdAt, lastSeenAt, expiresAt }) => ({
        id,
        current: id === principal.sessionId,
        method,
        user_agent: userAgent,
        created_at: createdAt,
        last_seen_at: lastSeenAt,
        expires_at: expiresAt,
      })),
    };
  }

  /** Ends one of one's sessions: that browser is signed out */
  @Delete('sessions/:id')
  @HttpCode(204)
  @Access({ role: 'member', scope: 'any' })
  async revoke(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<void> {
    await this.sessions.revoke(principal.teamId, requireUser(principal), id);
  }

  private get https(): boolean {
    return this.config.publicUrl.startsWith('https:');
  }

  private async opened({ teamId, userId, session }: SignedIn, response: Response): Promise<MeView> {
    const view = await this.me.ofUser(teamId, userId);
    setSessionCookie(response, this.https, session.token, session.expiresAt);
    return view;
  }

  /** Another site must not sign its visitors in here, as somebody of its choice. */
  private refuseForeignSite(request: Request): void {
    if (isForeignSite(request, this.config.publicUrl)) throw new ProductError('cross_site_refused');
  }
}

function agentOf(request: Request): string {
  return request.headers['user-agent'] ?? '';
}
