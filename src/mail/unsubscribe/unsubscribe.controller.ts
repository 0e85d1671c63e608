import { Controller, Get, Logger, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../../platform/http/public.js';
import { PAGE_HEADERS } from '../links/public-page.js';
import { LinkUnsubscribes } from './link-unsubscribes.js';
import { askedOf } from './unsubscribe-form.js';
import { UnsubscribeLinks, type UnsubscribeTarget } from './unsubscribe-links.js';
import { askPage, donePage, failedPage, gonePage, unknownPage } from './unsubscribe-page.js';

/** Pages for whoever got an email, and the one click of their mail program. */
@ApiExcludeController()
@Controller('u/:token')
@Public()
export class UnsubscribeController {
  private readonly logger = new Logger('Unsubscribe');

  constructor(
    private readonly links: UnsubscribeLinks,
    private readonly people: LinkUnsubscribes,
  ) {}

  /** Asks only: scanners open links, too. */
  @Get()
  async ask(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const who = this.links.read(token);
    if (!who) return show(response, 404, unknownPage());
    try {
      const standing = await this.people.standing(who);
      if (!standing) return show(response, 200, gonePage());
      const { team, address, unsubscribed } = standing;
      show(response, 200, unsubscribed ? donePage(team, address) : askPage(team, address));
    } catch (error) {
      this.logger.error({ err: error }, 'A page to unsubscribe could not be shown');
      show(response, 503, failedPage());
    }
  }

  /** From the page, or from a mail program (RFC 8058), which has no cookie and follows no redirect. */
  @Post()
  async unsubscribe(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const who = this.links.read(token);
    if (!who) return show(response, 404, unknownPage());
    const asked = await askedOf(request);
    if (asked.by === 'nobody') return show(response, 400, unknownPage());
    if (asked.by === 'page') return this.fromPage(who, asked.reason, response);
    await this.people.unsubscribe(who, null);
    response.status(200).type('text/plain').send('You are unsubscribed.\n');
  }

  /** A person waits for a page, not for problem details. */
  private async fromPage(who: UnsubscribeTarget, reason: string | null, response: Response): Promise<void> {
    try {
      const standing = await this.people.unsubscribe(who, reason);
      show(response, 200, standing ? donePage(standing.team, standing.address) : gonePage());
    } catch (error) {
      this.logger.error({ err: error }, 'A wish to unsubscribe could not be kept');
      show(response, 503, failedPage());
    }
  }
}

function show(response: Response, status: number, page: string): void {
  response.status(status).set(PAGE_HEADERS).send(page);
}
