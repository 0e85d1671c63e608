import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import { idsOf, signedToken } from '../links/signed-link.js';

/** Whom an unsubscribe link is about, and the email that it stands in. */
export interface UnsubscribeTarget {
  teamId: string;
  personId: string;
  emailId: string;
}

/** Links that unsubscribe without a log-in (RFC 8058). */
@Injectable()
export class UnsubscribeLinks {
  private readonly keys: readonly Buffer[];

  constructor(
    secrets: SecretBox,
    private readonly config: Config,
  ) {
    this.keys = secrets.signingKeys('unsubscribe links');
  }

  urlFor({ teamId, personId, emailId }: UnsubscribeTarget): string {
    return `${this.config.publicUrl}/u/${signedToken(this.keys[0], [teamId, personId, emailId])}`;
  }

  /** Undefined: it is none of ours. */
  read(token: string): UnsubscribeTarget | undefined {
    const [teamId, personId, emailId] = idsOf(this.keys, token, 3) ?? [];
    return teamId && personId && emailId ? { teamId, personId, emailId } : undefined;
  }
}
