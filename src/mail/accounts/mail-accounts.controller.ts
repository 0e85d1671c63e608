import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Access, CurrentPrincipal, type Principal, Public } from '../../accounts/access.js';
import { Authenticator } from '../../accounts/authenticator.js';
import { sessionTokenOf } from '../../accounts/sessions/session-cookie.js';
import { Config } from '../../config/config.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { AlsoRefuses } from '../../platform/http/openapi-problems.js';
import { textOf } from '../../platform/http/query-text.js';
import { clearShortCookie, setShortCookie, shortCookieOf } from '../../platform/http/short-cookie.js';
import { escape, page, PAGE_HEADERS } from '../links/public-page.js';
import { ConnectMailAccount, MailAccountStarted, MailProviderList } from './mail-accounts.dto.js';
import { type Browser, MailAccounts } from './mail-accounts.service.js';

/** Holds the state of the visit that this browser began. */
const COOKIE = 'cc_mail_account';
const BACK = '<p><a href="/settings/email">Go to the settings</a></p>';

@ApiTags('channels')
@Controller('v1/mail-accounts')
export class MailAccountsController {
  constructor(
    private readonly accounts: MailAccounts,
    private readonly authenticator: Authenticator,
    private readonly config: Config,
  ) {}

  /** The providers whose mailboxes can be connected without a password */
  @Get('providers')
  @Access({ role: 'member', scope: 'emails:read' })
  providers(): MailProviderList {
    return { data: this.accounts.providers() };
  }

  /** Begins to connect a mailbox at Google or Microsoft, or to connect it again. The answer sets a cookie: only the
   * browser that has it, signed in as the caller, may come back */
  @Post()
  @HttpCode(200)
  @Access({ role: 'member', scope: 'emails:write' })
  @AlsoRefuses({ 409: 'This installation is not registered with the provider' })
  async begin(
    @CurrentPrincipal() principal: Principal,
    @Body() body: ConnectMailAccount,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MailAccountStarted> {
    const { url, state } = await this.accounts.begin(principal, body);
    setShortCookie(response, this.https, COOKIE, state);
    return { authorize_url: url };
  }

  @Get('callback')
  @Public()
  @ApiExcludeEndpoint()
  async back(
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const browser = await this.browserOf(request);
    clearShortCookie(response, this.https, COOKIE);
    const texts = { code: textOf(query, 'code'), state: textOf(query, 'state'), error: textOf(query, 'error') };
    try {
      const address = await this.accounts.finish(texts, browser);
      show(response, 200, 'The mailbox is connected', `Emails can go out by ${address} now.`);
    } catch (error) {
      if (!(error instanceof ProductError)) throw error;
      show(response, error.status, 'The mailbox is not connected', error.message);
    }
  }

  private get https(): boolean {
    return this.config.publicUrl.startsWith('https:');
  }

  private async browserOf(request: Request): Promise<Browser> {
    const token = sessionTokenOf(request, this.https);
    return {
      began: shortCookieOf(request, this.https, COOKIE),
      principal: token === undefined ? undefined : await this.authenticator.principalOfSession(token),
    };
  }
}

function show(response: Response, status: number, title: string, text: string): void {
  response
    .status(status)
    .set(PAGE_HEADERS)
    .send(page(title, `<p>${escape(text)}</p>${BACK}`));
}
