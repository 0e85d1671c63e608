import type { GrantTokens } from '../../command-center/senders/channel-grants.repository.js';

/** Why there is no token: as an SMTP reply would say it, so that whoever logs in treats it alike. */
export class MailTokenError extends Error {
  readonly code = 'EAUTH';

  constructor(
    /** 535: the permission is gone; 450: the provider cannot say at this moment. */
    readonly responseCode: 535 | 450,
    /** For whoever set the channel up, a sentence. */
    readonly words: string,
  ) {
    super(words);
  }
}

/** The permission was used up or taken back: no refresh with it will be answered. */
export class TakenBackError extends MailTokenError {
  constructor(label: string) {
    super(535, `${label} has taken the permission back: connect the mailbox again.`);
  }
}

export interface TokenAnswer {
  status: number;
  body: unknown;
}

/** Pure: what the token endpoint gave (RFC 6749, 5.1), or why it gave nothing. Nothing that is thrown holds a token. */
export function tokensOf({ status, body }: TokenAnswer, label: string, before: string | null, now: Date): GrantTokens {
  const text = (name: string) => textAt(body, name);
  if (status !== 200) throw refusalOf(status, text('error') ?? '', label);
  const [accessToken, refreshToken] = [text('access_token'), text('refresh_token') ?? before];
  if (!accessToken) throw new MailTokenError(450, `${label} gave no token.`);
  if (!refreshToken) throw new MailTokenError(535, `${label} lets us send once only: allow access while you are away.`);
  const seconds = Number((body as { expires_in?: unknown }).expires_in) || 3_600;
  return { accessToken, refreshToken, gotAt: now, expiresAt: new Date(now.getTime() + seconds * 1_000) };
}

/** RFC 6749, 4.1.2.1: trouble of the provider's own, which some say with a 400. */
const PASSING: ReadonlySet<string> = new Set(['temporarily_unavailable', 'server_error']);

function refusalOf(status: number, error: string, label: string): MailTokenError {
  // RFC 6749, 5.2: used up, taken back, or of another client.
  if (error === 'invalid_grant' || error === 'interaction_required') return new TakenBackError(label);
  if (!PASSING.has(error) && status >= 400 && status < 500 && status !== 429 && status !== 408) {
    const said = error === '' ? `It answered ${status}.` : `It says: ${error.slice(0, 100)}.`;
    return new MailTokenError(
      535,
      `${label} refuses this installation: its admin checks the client id and secret. ${said}`,
    );
  }
  return new MailTokenError(450, `${label} does not answer as it should (${status}): it is tried again.`);
}

/** Pure: whether the answer lets us send: people may untick a scope. One that names none gives what was asked (RFC 6749, 5.1). */
export function givesScope(body: unknown, mailScope: string): boolean {
  const given = textAt(body, 'scope');
  if (given === undefined) return true;
  const wanted = mailScope.toLowerCase();
  // Microsoft names them with the resource that they are of, whichever of its names that has.
  return given
    .split(/\s+/)
    .some((scope) => scope.toLowerCase() === wanted || scope.toLowerCase().endsWith(`/${wanted}`));
}

/** Pure: whose mailbox it is, by the ID token; it came from the provider itself, over TLS (OpenID Connect Core, 3.1.3.7). */
export function addressOf(body: unknown, clientId: string): string | undefined {
  const [, payload = ''] = (textAt(body, 'id_token') ?? '').split('.');
  let claims: unknown;
  try {
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (textAt(claims, 'aud') !== clientId) return undefined;
  const address = (textAt(claims, 'email') ?? textAt(claims, 'preferred_username') ?? '').trim().toLowerCase();
  return /^[^\s@"<>]{1,64}@[^\s@"<>]{1,255}$/.test(address) ? address : undefined;
}

function textAt(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  const found = (value as Record<string, unknown>)[name];
  return typeof found === 'string' && found !== '' ? found : undefined;
}
