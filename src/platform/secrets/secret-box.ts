import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Encrypts what must not be read in a stolen database: AES-256-GCM, stored as `KEYID.IV.TAG.TEXT` (base64url).
 * The first key encrypts; all of them decrypt, so that keys can be rotated. `context` (a row's identity) is
 * authenticated too: a secret copied into another row does not open.
 */
export class SecretBox {
  constructor(private readonly keys: ReadonlyMap<string, Buffer>) {}

  seal(text: string, context: string): string {
    const [first] = this.keys;
    if (!first) throw new Error('There is no encryption key: set ENCRYPTION_KEYS.');
    const [keyId, key] = first;
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return [keyId, ...[iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.');
  }

  /** Whether the key that encrypts now sealed it. */
  isNewest(sealed: string): boolean {
    const [first] = this.keys.keys();
    return first !== undefined && sealed.startsWith(`${first}.`);
  }

  /** Keys to sign with for one purpose, newest first; none of them opens a secret or signs for another purpose. */
  signingKeys(purpose: string): Buffer[] {
    return [...this.keys.values()].map((key) => Buffer.from(hkdfSync('sha256', key, '', purpose, 32)));
  }

  open(sealed: string, context: string): string {
    const [keyId = '', iv = '', tag = '', text = ''] = sealed.split('.');
    const key = this.keys.get(keyId);
    if (!key) throw new Error(`A stored secret needs the encryption key "${keyId}", which ENCRYPTION_KEYS lacks.`);
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'));
    decipher.setAAD(Buffer.from(context)).setAuthTag(Buffer.from(tag, 'base64url'));
    return decipher.update(Buffer.from(text, 'base64url'), undefined, 'utf8') + decipher.final('utf8');
  }
}
