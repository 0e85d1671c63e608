import { createHmac, randomBytes } from 'node:crypto';
import { ApiError } from '../errors.js';
import type { HttpRequest } from '../http/request.js';
import { parseForm } from '../http/request.js';
import { html, json, redirect } from '../http/response.js';
import type { HttpResponse } from '../http/response.js';
import type { Org } from '../org.js';
import { authorizePage, errorPage } from './authorize-page.js';
import { matchesChallenge, OauthError, openGrant, refreshGrant, refuseInactive, revokeToken } from './grants.js';
import type { Code, Tokens } from './grants.js';
import { identity, userinfo } from './identity.js';
import { jwtBearer } from './jwt-bearer.js';
import { discovery } from './openid.js';

const CODE_LIFE_MS = 15 * 60_000;
const DEFAULT_SCOPE = 'refresh_token api id';

export async function handleOauth(org: Org, request: HttpRequest): Promise<HttpResponse> {
  const { pathname, searchParams } = request.url;
  try {
    switch (pathname) {
      case '/services/oauth2/authorize':
        return request.method === 'POST'
          ? await decide(org, parseForm(request.body))
          : await showAuthorize(org, searchParams);
      case '/services/oauth2/token':
        return json(200, await token(org, formOf(request)));
      case '/services/oauth2/revoke':
        return await revoke(org, formOf(request));
      case '/.well-known/openid-configuration':
        return json(200, discovery(org));
      case '/id/keys':
        return json(200, await org.openId.jwks());
      case '/services/oauth2/userinfo':
        return json(200, await userinfo(org, request));
      default:
        if (pathname.startsWith('/id/')) return json(200, await identity(org, request));
        throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
    }
  } catch (error) {
    if (error instanceof OauthError) {
      return json(
        error.status,
        { error: error.code, error_description: error.message },
        { 'Cache-Control': 'no-store' },
      );
    }
    throw error;
  }
}

function formOf(request: HttpRequest): URLSearchParams {
  return request.method === 'POST' ? parseForm(request.body) : request.url.searchParams;
}

async function showAuthorize(org: Org, params: URLSearchParams): Promise<HttpResponse> {
  const refused = refuseClient(org, params);
  // An unknown client or address is told to the person; nothing is sent to an address that is not known.
  if (refused) return html(400, errorPage(refused));
  const { rows: users } = await org.pool.query<{ id: string; name: string; username: string; title: string | null }>(
    'SELECT id, name, username, title FROM sf_user WHERE is_active ORDER BY id',
  );
  return html(200, authorizePage(params, users));
}

async function decide(org: Org, form: URLSearchParams): Promise<HttpResponse> {
  const refused = refuseClient(org, form);
  if (refused) return html(400, errorPage(refused));
  const target = new URL(form.get('redirect_uri') ?? '');
  const state = form.get('state');
  if (state !== null) target.searchParams.set('state', state);
  const answer = (params: Record<string, string>): HttpResponse => {
    for (const [name, value] of Object.entries(params)) target.searchParams.set(name, value);
    return redirect(target.href, {}, 302);
  };
  const challenge = form.get('code_challenge');
  if (challenge === null && org.options.requirePkce) {
    return answer({ error: 'invalid_request', error_description: 'missing required code challenge' });
  }
  if (form.get('decision') !== 'allow') {
    return answer({ error: 'access_denied', error_description: 'end-user denied authorization' });
  }
  const userId = form.get('user') ?? '';
  await refuseInactive(org, userId);
  const code = `aPrx${randomBytes(30).toString('base64url')}`;
  org.codes.set(code, {
    userId,
    redirectUri: form.get('redirect_uri') ?? '',
    scope: form.get('scope') ?? DEFAULT_SCOPE,
    challenge,
    nonce: form.get('nonce'),
    expiresAt: org.now().getTime() + CODE_LIFE_MS,
  });
  return answer({ code });
}

function refuseClient(org: Org, params: URLSearchParams): OauthError | undefined {
  if (params.get('client_id') !== org.options.clientId) {
    return new OauthError('invalid_client_id', 'client identifier invalid');
  }
  if (params.get('response_type') !== 'code') {
    return new OauthError('unsupported_response_type', 'response type not supported');
  }
  const uri = params.get('redirect_uri') ?? '';
  if (isAllowedRedirect(org, uri)) return undefined;
  return new OauthError('redirect_uri_mismatch', 'redirect_uri must match configuration');
}

function isAllowedRedirect(org: Org, uri: string): boolean {
  if (org.options.redirectUris.includes(uri)) return true;
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  return protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

async function token(org: Org, form: URLSearchParams): Promise<unknown> {
  // Who signs needs no secret.
  if (form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
    return tokenAnswer(org, await jwtBearer(org, form.get('assertion') ?? ''));
  }
  authenticateClient(org, form);
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return exchange(org, form);
    case 'refresh_token':
      return tokenAnswer(org, await refreshGrant(org, form.get('refresh_token') ?? ''));
    case 'client_credentials':
      return tokenAnswer(org, await runAsIntegrationUser(org));
    default:
      throw new OauthError('unsupported_grant_type', 'grant type not supported');
  }
}

function authenticateClient(org: Org, form: URLSearchParams): void {
  if (form.get('client_id') !== org.options.clientId) {
    throw new OauthError('invalid_client_id', 'client identifier invalid');
  }
  if (form.get('client_secret') !== org.options.clientSecret) {
    throw new OauthError('invalid_client', 'invalid client credentials');
  }
}

async function exchange(org: Org, form: URLSearchParams): Promise<unknown> {
  const key = form.get('code') ?? '';
  const code: Code | undefined = org.codes.get(key);
  // A code works once, whatever comes of it.
  org.codes.delete(key);
  if (!code) throw new OauthError('invalid_grant', 'invalid authorization code');
  if (code.expiresAt < org.now().getTime()) throw new OauthError('invalid_grant', 'expired authorization code');
  if (form.get('redirect_uri') !== code.redirectUri) {
    throw new OauthError('redirect_uri_mismatch', 'redirect_uri must match configuration');
  }
  if (!matchesChallenge(code, form.get('code_verifier'))) {
    throw new OauthError('invalid_grant', 'invalid code verifier');
  }
  await refuseInactive(org, code.userId);
  const { refreshToken, ...tokens } = await openGrant(org, code.userId, code.scope);
  const scopes = code.scope.split(' ');
  return {
    ...tokenAnswer(org, scopes.includes('refresh_token') ? { ...tokens, refreshToken } : tokens),
    ...(scopes.includes('openid') && { id_token: await org.openId.idToken(org, code.userId, code.nonce) }),
  };
}

/** Client credentials: no person logs in, no refresh token comes of it; calls run as the integration user. */
async function runAsIntegrationUser(org: Org): Promise<Omit<Tokens, 'refreshToken'>> {
  const { rows } = await org.pool.query<{ id: string }>('SELECT id FROM sf_user WHERE is_active ORDER BY id LIMIT 1');
  const userId = rows[0]?.id;
  if (userId === undefined) throw new OauthError('invalid_grant', 'no client credentials user enabled');
  return { accessToken: await org.sessions.open(org.id, userId, null), userId, scope: 'api id' };
}

function tokenAnswer(org: Org, tokens: Omit<Tokens, 'refreshToken'> & { refreshToken?: string }): object {
  const id = `${org.instanceUrl}/id/${org.id}/${tokens.userId}`;
  const issuedAt = String(org.now().getTime());
  return {
    access_token: tokens.accessToken,
    ...(tokens.refreshToken === undefined ? {} : { refresh_token: tokens.refreshToken }),
    signature: createHmac('sha256', org.options.clientSecret)
      .update(id + issuedAt)
      .digest('base64'),
    scope: tokens.scope,
    instance_url: org.instanceUrl,
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  };
}

async function revoke(org: Org, form: URLSearchParams): Promise<HttpResponse> {
  if (await revokeToken(org, form.get('token') ?? '')) return { status: 200, headers: {}, body: '' };
  const body = new URLSearchParams({
    error: 'unsupported_token_type',
    error_description: 'this token type is not supported',
  });
  return { status: 400, headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: body.toString() };
}
