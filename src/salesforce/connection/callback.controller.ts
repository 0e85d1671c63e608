import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../../accounts/access.js';
import { Authenticator } from '../../accounts/authenticator.js';
import { sessionTokenOf } from '../../accounts/sessions/session-cookie.js';
import { Config } from '../../config/config.js';
import { errorCatalogue } from '../../platform/errors/error-catalogue.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { textOf } from '../../platform/http/query-text.js';
import { clearShortCookie, shortCookieOf } from '../../platform/http/short-cookie.js';
import { CALLBACK_HEADERS, callbackPage } from './callback-page.js';
import { type Browser, type CallbackQuery, ConnectService } from './connect.service.js';

/** Holds the state of the log-in that this browser began. */
export const CONNECT_COOKIE = 'cc_connect';

const PAGE = { 'text/html': { schema: { type: 'string' } } };

@ApiTags('salesforce')
@Controller('v1/salesforce/callback')
export class CallbackController {
  constructor(
    private readonly connect: ConnectService,
    private readonly authenticator: Authenticator,
    private readonly config: Config,
  ) {}

  /** Where Salesforce sends the admin's browser back to: a page for a person, without a key; the state says who it is */
  @Get()
  @Public()
  @ApiResponse({ status: 200, description: 'Connected', content: PAGE })
  @ApiResponse({ status: 400, description: 'This log-in is refused; the page says why', content: PAGE })
  @ApiResponse({ status: 409, description: 'Another team has this org', content: PAGE })
  @ApiResponse({ status: 503, description: 'Salesforce does not answer', content: PAGE })
  @ApiQuery({ name: 'code', required: false, type: String })
  @ApiQuery({ name: 'state', required: false, type: String })
  @ApiQuery({ name: 'error', required: false, type: String })
  async back(
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const browser = await this.browserOf(request);
    clearShortCookie(response, this.https, CONNECT_COOKIE);
    const { status, title, text } = await this.outcome(textsOf(query), browser);
    response.status(status).set(CALLBACK_HEADERS).send(callbackPage(title, text));
  }

  private get https(): boolean {
    return this.config.publicUrl.startsWith('https:');
  }

  private async browserOf(request: Request): Promise<Browser> {
    const token = sessionTokenOf(request, this.https);
    return {
      began: shortCookieOf(request, this.https, CONNECT_COOKIE),
      principal: token === undefined ? undefined : await this.authenticator.principalOfSession(token),
    };
  }

  private async outcome(
    query: CallbackQuery,
    browser: Browser,
  ): Promise<{ status: number; title: string; text: string }> {
    try {
      await this.connect.finish(query, browser);
      return { status: 200, title: 'Salesforce is connected', text: 'You can close this page and go on.' };
    } catch (error) {
      if (!(error instanceof ProductError)) throw error;
      // 502 is for gateways: what a person sees here is a refusal of this log-in.
      const status = error.status === 502 ? 400 : error.status;
      return { status, title: errorCatalogue[error.code].title, text: error.message };
    }
  }
}

/** Whatever else Salesforce adds is left alone: a person waits for a page, not for problem details. */
function textsOf(query: Record<string, unknown>): CallbackQuery {
  return { code: textOf(query, 'code'), state: textOf(query, 'state'), error: textOf(query, 'error') };
}
