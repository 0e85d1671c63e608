import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../../accounts/access.js';
import { setSessionCookie } from '../../accounts/sessions/session-cookie.js';
import { PASSWORD_LIMITS } from '../../accounts/sign-in-limits.js';
import { Config } from '../../config/config.js';
import { textOf } from '../../platform/http/query-text.js';
import { clearShortCookie, setShortCookie, shortCookieOf } from '../../platform/http/short-cookie.js';
import { RateLimits } from '../../platform/rate-limits/rate-limits.js';
import { SalesforceSignInService } from './salesforce-sign-in.service.js';
import { SignInRefused } from './sign-in-problem.js';
import { SignInWays } from './sign-in-ways.dto.js';

const COOKIE = 'cc_sign_in';

@ApiTags('session')
@Controller('v1/sign-in')
export class SalesforceSignInController {
  constructor(
    private readonly signIn: SalesforceSignInService,
    private readonly limits: RateLimits,
    private readonly config: Config,
  ) {}

  /** How one can sign in here */
  @Get()
  @Public()
  ways(): SignInWays {
    return { password: true, salesforce: this.signIn.offered };
  }

  /** Sends a browser to Salesforce to sign in; it comes back signed in, or to the sign-in page with `problem` */
  @Get('salesforce')
  @Public()
  @ApiResponse({ status: 302, description: 'To Salesforce, or back to the sign-in page' })
  @ApiQuery({ name: 'return_to', required: false, type: String, description: 'A path of the page' })
  async begin(
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.limits.take('outside-ip', request.ip ?? '', PASSWORD_LIMITS.outsideOfIp);
    await this.orToSignIn(response, () => {
      const returnTo = textOf(query, 'return_to');
      // Another site must not sign its visitors in here, as somebody of its choice: a person presses the button.
      if (isFromElsewhere(request)) return Promise.resolve('/sign-in');
      const { url, sealed } = this.signIn.begin(returnTo);
      setShortCookie(response, this.https, COOKIE, sealed);
      return Promise.resolve(url);
    });
  }

  /** Where Salesforce sends the browser back to */
  @Get('salesforce/callback')
  @Public()
  @ApiResponse({ status: 302, description: 'To the page, signed in, or back to the sign-in page' })
  @ApiQuery({ name: 'code', required: false, type: String })
  @ApiQuery({ name: 'state', required: false, type: String })
  @ApiQuery({ name: 'error', required: false, type: String })
  async back(
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.limits.take('outside-ip', request.ip ?? '', PASSWORD_LIMITS.outsideOfIp);
    const sealed = shortCookieOf(request, this.https, COOKIE);
    clearShortCookie(response, this.https, COOKIE);
    // The address holds the code and the state.
    response.set('Referrer-Policy', 'no-referrer');
    await this.orToSignIn(response, async () => {
      const back = { code: textOf(query, 'code'), state: textOf(query, 'state'), error: textOf(query, 'error') };
      const agent = request.headers['user-agent'] ?? '';
      const { session, returnTo } = await this.signIn.finish(back, sealed, agent);
      setSessionCookie(response, this.https, session.token, session.expiresAt);
      return returnTo;
    });
  }

  private get https(): boolean {
    return this.config.publicUrl.startsWith('https:');
  }

  private async orToSignIn(response: Response, go: () => Promise<string>): Promise<void> {
    response.set('Cache-Control', 'no-store');
    let address: string;
    try {
      address = await go();
    } catch (error) {
      if (!(error instanceof SignInRefused)) throw error;
      address = `/sign-in?problem=${error.problem}`;
    }
    response.status(302).set('Location', address).end();
  }
}

/** Pure: whether another site sent the browser here (Fetch Metadata); browsers that do not say are taken at their word. */
function isFromElsewhere({ headers }: Pick<Request, 'headers'>): boolean {
  return headers['sec-fetch-site'] === 'cross-site' || headers['sec-fetch-site'] === 'same-site';
}
