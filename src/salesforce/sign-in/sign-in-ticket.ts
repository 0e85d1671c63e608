import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import type { SignInSecrets } from '../connection/oauth-client.js';

const LIFE_MS = 10 * 60_000;
const CONTEXT = 'salesforce_sign_in';

/** A sign-in under way. */
export interface Ticket extends SignInSecrets {
  loginUrl: string;
  returnTo: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/**
 * The browser keeps its own sign-in, sealed, in a cookie: another browser cannot finish it, and whoever begins many
 * leaves nothing here. A code of Salesforce works once, so a ticket does too.
 */
@Injectable()
export class SignInTickets {
  constructor(
    private readonly secrets: SecretBox,
    private readonly clock: Clock,
  ) {}

  issue(loginUrl: string, returnTo: string): { ticket: Ticket; sealed: string } {
    const random = () => randomBytes(32).toString('base64url');
    const expiresAt = this.clock.now().getTime() + LIFE_MS;
    const ticket = { state: random(), nonce: random(), codeVerifier: random(), loginUrl, returnTo, expiresAt };
    return { ticket, sealed: this.secrets.seal(JSON.stringify(ticket), CONTEXT) };
  }

  /** Undefined: of another browser, too old, or not of this sign-in. */
  redeem(sealed: string | undefined, state: string | undefined): Ticket | undefined {
    if (sealed === undefined || state === undefined) return undefined;
    const ticket = this.open(sealed);
    return ticket?.state === state && ticket.expiresAt > this.clock.now().getTime() ? ticket : undefined;
  }

  private open(sealed: string): Ticket | undefined {
    try {
      return JSON.parse(this.secrets.open(sealed, CONTEXT)) as Ticket;
    } catch {
      return undefined;
    }
  }
}
