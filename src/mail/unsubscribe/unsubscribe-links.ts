import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { parse as bytesOf, stringify as uuidOf } from 'uuid';
import { Config } from '../../config/config.js';
import { SecretBox } from '../../platform/secrets/secret-box.js';

/** Whom an unsubscribe link is about, and the email that it stands in. */
export interface UnsubscribeTarget {
  teamId: string;
  personId: string;
  emailId: string;
}

const VERSION = 1;
const UUID_BYTES = 16;
const BODY_BYTES = 1 + 3 * UUID_BYTES;
const SIGNATURE_BYTES = 16;

/**
 * Links that unsubscribe without a log-in (RFC 8058): they say whom in themselves, signed, so that they work as long as
 * the key that signed them is kept, and nobody can make one.
 */
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
    const [key] = this.keys;
    if (!key) throw new Error('There is no encryption key: set ENCRYPTION_KEYS.');
    const body = Buffer.concat([
      Buffer.of(VERSION),
      ...[teamId, personId, emailId].map((id) => Buffer.from(bytesOf(id))),
    ]);
    return `${this.config.publicUrl}/u/${Buffer.concat([body, signatureOf(key, body)]).toString('base64url')}`;
  }

  /** Undefined: it is none of ours. */
  read(token: string): UnsubscribeTarget | undefined {
    const bytes = Buffer.from(token, 'base64url');
    // One spelling only: what is ignored in a token could be changed in it.
    if (bytes.length !== BODY_BYTES + SIGNATURE_BYTES || bytes.toString('base64url') !== token) return undefined;
    const [body, signature] = [bytes.subarray(0, BODY_BYTES), bytes.subarray(BODY_BYTES)];
    if (body[0] !== VERSION || !this.keys.some((key) => timingSafeEqual(signatureOf(key, body), signature))) {
      return undefined;
    }
    const idAt = (index: number) => uuidOf(body, 1 + index * UUID_BYTES);
    return { teamId: idAt(0), personId: idAt(1), emailId: idAt(2) };
  }
}

function signatureOf(key: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', key).update(body).digest().subarray(0, SIGNATURE_BYTES);
}
