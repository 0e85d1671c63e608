import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { json, redirect } from '../salesforce-org/http/response.js';
import { markup } from '../salesforce-org/page/html.js';
import { layout } from '../salesforce-org/page/layout.js';
import type { Answer, Asked } from './routes.js';

// An hour, as the real ones have it.
const TOKEN_SECONDS = 3_600;
const LABELS: Readonly<Record<string, string>> = { google: 'Google', microsoft: 'Microsoft' };

/** Kept between starts: a channel that was connected yesterday still is. */
export const PROVIDER_SCHEMA = `
CREATE TABLE IF NOT EXISTS mail_grant (
  refresh_token text PRIMARY KEY, provider text NOT NULL, email text NOT NULL, revoked boolean NOT NULL DEFAULT false
);
CREATE TABLE IF NOT EXISTS mail_access_token (
  token text PRIMARY KEY, refresh_token text NOT NULL REFERENCES mail_grant ON UPDATE CASCADE, expires_at timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS mail_code (
  code text PRIMARY KEY, provider text NOT NULL, email text NOT NULL, challenge text NOT NULL, redirect_uri text NOT NULL
);`;

const secret = (): string => randomBytes(24).toString('base64url');

/** Google and Microsoft as a mail program sees them: a page that asks, codes, tokens that run out (RFC 6749, 7636). */
export class Provider {
  constructor(
    private readonly pool: pg.Pool,
    private readonly now: () => Date,
  ) {}

  /**
   *   GET    /oauth/{google,microsoft}/authorize   asks; `as`: whose mailbox it is
   *   GET    /oauth/{google,microsoft}/allow       sends the browser back with a code
   *   POST   /oauth/{google,microsoft}/token       codes and refresh tokens for access tokens; refresh tokens rotate
   *   DELETE /oauth/tokens                         all access tokens have run out
   *   DELETE /oauth/grants                         all permissions are taken back
   */
  async route({ method, url, body }: Asked): Promise<Answer | undefined> {
    const [, , provider = '', step = ''] = url.pathname.split('/');
    if (method === 'DELETE' && provider === 'tokens') return this.run('UPDATE mail_access_token SET expires_at = $1');
    if (method === 'DELETE' && provider === 'grants')
      return this.run('UPDATE mail_grant SET revoked = $1::timestamptz IS NOT NULL');
    if (!Object.hasOwn(LABELS, provider)) return undefined;
    if (method === 'GET' && step === 'authorize') return askPage(LABELS[provider] ?? '', url);
    if (method === 'GET' && step === 'allow') return this.allow(provider, url.searchParams);
    if (method === 'POST' && step === 'token') return this.token(provider, new URLSearchParams(body));
    return undefined;
  }

  /** Whether somebody may log in to the mail server with it. */
  async takes(email: string, token: string): Promise<boolean> {
    const { rows } = await this.pool.query(
      `SELECT 1 FROM mail_access_token t JOIN mail_grant g USING (refresh_token)
       WHERE t.token = $1 AND lower(g.email) = lower($2) AND NOT g.revoked AND t.expires_at > $3`,
      [token, email, this.now()],
    );
    return rows.length > 0;
  }

  private async run(sql: string): Promise<Answer> {
    await this.pool.query(sql, [this.now()]);
    return json(204, undefined);
  }

  private async allow(provider: string, asked: URLSearchParams): Promise<Answer> {
    const [to, email] = [asked.get('redirect_uri') ?? '', asked.get('as') ?? ''];
    if (!isOfThisMachine(to) || email === '') return json(400, { error: 'invalid_request' });
    const code = secret();
    await this.pool.query(
      'INSERT INTO mail_code (code, provider, email, challenge, redirect_uri) VALUES ($1, $2, $3, $4, $5)',
      [code, provider, email, asked.get('code_challenge') ?? '', to],
    );
    const back = new URL(to);
    back.search = new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString();
    return redirect(back.href);
  }

  private async token(provider: string, form: URLSearchParams): Promise<Answer> {
    if (form.get('client_id') !== `sandbox-${provider}`) return json(401, { error: 'invalid_client' });
    const refreshToken = secret();
    const email =
      form.get('grant_type') === 'authorization_code'
        ? await this.redeem(provider, form, refreshToken)
        : await this.rotate(provider, form.get('refresh_token') ?? '', refreshToken);
    if (email === undefined) return json(400, { error: 'invalid_grant' });
    const accessToken = secret();
    const expiresAt = new Date(this.now().getTime() + TOKEN_SECONDS * 1_000);
    await this.pool.query('INSERT INTO mail_access_token (token, refresh_token, expires_at) VALUES ($1, $2, $3)', [
      ...[accessToken, refreshToken, expiresAt],
    ]);
    const claims = { aud: form.get('client_id'), email };
    return json(200, {
      ...{ access_token: accessToken, refresh_token: refreshToken, expires_in: TOKEN_SECONDS, token_type: 'Bearer' },
      id_token: `${encoded({ alg: 'none' })}.${encoded(claims)}.`,
    });
  }

  private async redeem(provider: string, form: URLSearchParams, refreshToken: string): Promise<string | undefined> {
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const { rows } = await this.pool.query<{ email: string }>(
      `WITH used AS (DELETE FROM mail_code WHERE code = $1 AND provider = $2 AND challenge = $3 AND redirect_uri = $4
         RETURNING email)
       INSERT INTO mail_grant (refresh_token, provider, email) SELECT $5, $2, email FROM used RETURNING email`,
      [form.get('code'), provider, challenge, form.get('redirect_uri'), refreshToken],
    );
    return rows[0]?.email;
  }

  private async rotate(provider: string, before: string, refreshToken: string): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ email: string }>(
      `UPDATE mail_grant SET refresh_token = $3 WHERE refresh_token = $1 AND provider = $2 AND NOT revoked
       RETURNING email`,
      [before, provider, refreshToken],
    );
    return rows[0]?.email;
  }
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const isOfThisMachine = (address: string): boolean => /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\//.test(address);

function askPage(label: string, url: URL): Answer {
  const asked = new URLSearchParams(url.searchParams);
  const as = asked.get('as')?.trim() || 'rep@mailbox.example';
  asked.set('as', as);
  const allow = `${url.pathname.replace(/authorize$/, 'allow')}?${asked.toString()}`;
  const deny = new URL(isOfThisMachine(asked.get('redirect_uri') ?? '') ? (asked.get('redirect_uri') ?? '') : url.href);
  deny.search = new URLSearchParams({ error: 'access_denied', state: asked.get('state') ?? '' }).toString();
  asked.delete('as');
  const kept = [...asked].map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`);
  const content = markup`<section class="card"><h1>${label} of the sandbox</h1>
    <p><b>Command Center</b> wants to send mail as <b>${as}</b>.</p>
    <p><a class="button primary" href="${allow}">Allow</a> <a class="button" href="${deny.href}">Do not allow</a></p>
    <form method="get" action="${url.pathname}">${kept}
      <label>Another mailbox <input type="text" name="as" value="${as}"></label> <button>Choose</button></form></section>`;
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': POLICY };
  return { status: 200, headers, body: layout(label, content, markup``, `${label} of the sandbox`) };
}

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
