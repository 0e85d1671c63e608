import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';
import { idsOf, signedToken } from '../links/signed-link.js';

/** A file that an email has a link to, as its recipient opens it. */
export interface ContentTarget {
  teamId: string;
  emailId: string;
  fileId: string;
}

/** Links to files, each of one email alone: who opens it is known by it. */
@Injectable()
export class ContentLinks {
  private readonly keys: readonly Buffer[];

  constructor(
    secrets: SecretBox,
    private readonly config: Config,
  ) {
    this.keys = secrets.signingKeys('tracked content links');
  }

  urlFor({ teamId, emailId, fileId }: ContentTarget): string {
    return `${this.config.publicUrl}/c/${signedToken(this.keys[0], [teamId, emailId, fileId])}`;
  }

  /** Undefined: it is none of ours. */
  read(token: string): ContentTarget | undefined {
    const [teamId, emailId, fileId] = idsOf(this.keys, token, 3) ?? [];
    return teamId && emailId && fileId ? { teamId, emailId, fileId } : undefined;
  }
}
