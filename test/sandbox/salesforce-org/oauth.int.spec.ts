import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { Connection, OAuth2 } from 'jsforce';
import { refusal, startTestOrg } from './support.js';
import type { TestOrg } from './support.js';

let org: TestOrg;
beforeAll(async () => {
  org = await startTestOrg();
});
afterAll(() => org.stop());

const REDIRECT = 'http://localhost:3999/callback';

function client(options: { useVerifier?: boolean; clientSecret?: string; redirectUri?: string } = {}): OAuth2 {
  return new OAuth2({
    loginUrl: org.url,
    clientId: org.clientId,
    clientSecret: org.clientSecret,
    redirectUri: REDIRECT,
    useVerifier: true,
    ...options,
  });
}

/** What the browser does: open the page, choose a user, press a button. */
async function press(authorizeUrl: string, decision: string, userId = org.users[0]?.id ?? ''): Promise<URL> {
  const page = await fetch(authorizeUrl);
  expect(page.status).toBe(200);
  const form = new URLSearchParams(new URL(authorizeUrl).search);
  form.set('user', userId);
  form.set('decision', decision);
  const answer = await fetch(`${org.url}/services/oauth2/authorize`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
  expect(answer.status).toBe(302);
  return new URL(answer.headers.get('location') ?? '');
}

async function logIn(oauth2: OAuth2): Promise<{ access_token: string; refresh_token: string; id: string }> {
  const back = await press(oauth2.getAuthorizationUrl({ state: 's1', scope: 'api refresh_token' }), 'allow');
  const tokens = await oauth2.requestToken(back.searchParams.get('code') ?? '');
  return { ...tokens, refresh_token: tokens.refresh_token ?? '' };
}

const postToken = async (form: Record<string, string>): Promise<{ status: number; error: string }> => {
  const answer = await fetch(`${org.url}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { error } = (await answer.json()) as { error: string };
  return { status: answer.status, error };
};

describe('log-in', () => {
  it('lists the active users on the authorize page', async () => {
    const page = await (await fetch(client().getAuthorizationUrl())).text();
    expect(page).toContain('Integration User');
    expect(page).toContain('David O&#39;Connor');
    expect(page).not.toContain('Former Colleague');
  });

  it('ends in tokens that work, with PKCE, by jsforce as it is', async () => {
    const oauth2 = client();
    const back = await press(oauth2.getAuthorizationUrl({ state: 'a b&c' }), 'allow');
    expect(back.origin + back.pathname).toBe(REDIRECT);
    expect(back.searchParams.get('state')).toBe('a b&c');
    const conn = new Connection({ oauth2, version: '60.0' });
    await conn.authorize(back.searchParams.get('code') ?? '');
    expect(conn.instanceUrl).toBe(org.url);
    expect(conn.userInfo?.id).toBe(org.users[0]?.id);
    const identity = await conn.identity();
    expect(identity).toMatchObject({
      username: org.users[0]?.username,
      organization_id: conn.userInfo?.organizationId,
    });
    const userinfo = await conn.request<{ sub: string; name: string }>('/services/oauth2/userinfo');
    expect(userinfo.name).toBe('Integration User');
    expect((await conn.query('SELECT COUNT() FROM Lead')).totalSize).toBeGreaterThan(0);
  });

  it('tells the client when the person denies', async () => {
    const back = await press(client().getAuthorizationUrl({ state: 's' }), 'deny');
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: 'access_denied', state: 's' });
  });

  it('sends nobody to an address it does not know', async () => {
    for (const [params, error] of [
      [{ redirect_uri: 'https://evil.example/cb' }, 'redirect_uri_mismatch'],
      [{ client_id: 'other' }, 'invalid_client_id'],
    ] as const) {
      const url = new URL(client().getAuthorizationUrl());
      for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
      const answer = await fetch(url, { redirect: 'manual' });
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain(error);
    }
  });

  it.each([
    ['a code used twice', { twice: true }, 'invalid_grant'],
    ['another verifier', { code_verifier: 'wrong' }, 'invalid_grant'],
    ['another redirect address', { redirect_uri: 'http://localhost:1/other' }, 'redirect_uri_mismatch'],
    ['a wrong secret', { client_secret: 'wrong' }, 'invalid_client'],
    ['an unknown client', { client_id: 'wrong' }, 'invalid_client_id'],
    ['an unknown grant type', { grant_type: 'wrong' }, 'unsupported_grant_type'],
  ])('refuses %s', async (_, change, error) => {
    const oauth2 = client();
    const back = await press(oauth2.getAuthorizationUrl(), 'allow');
    const form = {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      client_id: org.clientId,
      client_secret: org.clientSecret,
      redirect_uri: REDIRECT,
      code_verifier: oauth2.codeVerifier ?? '',
    };
    if ('twice' in change) expect((await postToken(form)).status).toBe(200);
    expect(await postToken({ ...form, ...change } as Record<string, string>)).toEqual({ status: 400, error });
  });

  it('refuses a code after 15 minutes', async () => {
    const oauth2 = client();
    const back = await press(oauth2.getAuthorizationUrl(), 'allow');
    await org.advance(16 * 60_000);
    expect((await refusal(oauth2.requestToken(back.searchParams.get('code') ?? ''))).errorCode).toBe('invalid_grant');
  });
});

describe('refresh', () => {
  it('rotates: each answer brings the next refresh token', async () => {
    const oauth2 = client();
    const first = await logIn(oauth2);
    const second = await oauth2.refreshToken(first.refresh_token);
    const third = await oauth2.refreshToken(second.refresh_token ?? '');
    expect(new Set([first, second, third].map((t) => t.refresh_token)).size).toBe(3);
    const conn = new Connection({ instanceUrl: org.url, accessToken: third.access_token, version: '60.0' });
    await expect(conn.query('SELECT Id FROM User LIMIT 1')).resolves.toMatchObject({ totalSize: 1 });
  });

  it('ends everything when a replaced token is shown again', async () => {
    const oauth2 = client();
    const first = await logIn(oauth2);
    const second = await oauth2.refreshToken(first.refresh_token);
    expect((await refusal(oauth2.refreshToken(first.refresh_token))).errorCode).toBe('invalid_grant');
    expect((await refusal(oauth2.refreshToken(second.refresh_token ?? ''))).errorCode).toBe('invalid_grant');
    const conn = new Connection({ instanceUrl: org.url, accessToken: second.access_token, version: '60.0' });
    expect((await refusal(conn.query('SELECT Id FROM User'))).errorCode).toBe('INVALID_SESSION_ID');
  });

  it('of two at once with one token, lets one through and then ends the grant', async () => {
    const oauth2 = client();
    const { refresh_token: token } = await logIn(oauth2);
    const outcomes = await Promise.allSettled([oauth2.refreshToken(token), oauth2.refreshToken(token)]);
    expect(outcomes.filter((o) => o.status === 'fulfilled')).toHaveLength(1);
  });

  it('is what jsforce does by itself when a session has expired', async () => {
    const oauth2 = client();
    const { access_token, refresh_token } = await logIn(oauth2);
    const conn = new Connection({
      oauth2,
      instanceUrl: org.url,
      accessToken: access_token,
      refreshToken: refresh_token,
    });
    await org.control('DELETE', 'sessions');
    await expect(conn.query('SELECT Id FROM User LIMIT 1')).resolves.toMatchObject({ totalSize: 1 });
    expect(conn.accessToken).not.toBe(access_token);
  });

  it('is refused after revocation and for a user who left', async () => {
    const oauth2 = client();
    const tokens = await logIn(oauth2);
    await oauth2.revokeToken(tokens.refresh_token);
    expect((await refusal(oauth2.refreshToken(tokens.refresh_token))).errorCode).toBe('invalid_grant');
    const conn = new Connection({ instanceUrl: org.url, accessToken: tokens.access_token, version: '60.0' });
    expect((await refusal(conn.query('SELECT Id FROM User'))).errorCode).toBe('INVALID_SESSION_ID');

    const back = await press(oauth2.getAuthorizationUrl(), 'allow', org.users[3]?.id);
    const rep = await oauth2.requestToken(back.searchParams.get('code') ?? '');
    await org.control('PATCH', `users/${org.users[3]?.id ?? ''}`, { isActive: false });
    expect((await refusal(oauth2.refreshToken(rep.refresh_token ?? ''))).errorCode).toBe('inactive_user');
  });
});

describe('OpenID Connect', () => {
  const grant = async (scope: string, nonce?: string) => {
    const oauth2 = client();
    const url = new URL(oauth2.getAuthorizationUrl({ scope }));
    if (nonce !== undefined) url.searchParams.set('nonce', nonce);
    const back = await press(url.href, 'allow', org.users[1]?.id);
    return oauth2.requestToken(back.searchParams.get('code') ?? '') as Promise<Record<string, unknown>>;
  };

  it('signs who logged in, by the keys that its discovery document names', async () => {
    const found = await fetch(`${org.url}/.well-known/openid-configuration`);
    const { issuer, jwks_uri: keys } = (await found.json()) as { issuer: string; jwks_uri: string };
    const { id_token: token, id, refresh_token: refresh } = await grant('openid profile email', 'n1');
    // The org's clock has been moved by the tests above.
    const currentDate = new Date(Number(decodeJwt(String(token)).iat) * 1000);
    const checks = { issuer, audience: org.clientId, algorithms: ['RS256'], currentDate };
    const { payload } = await jwtVerify(String(token), createRemoteJWKSet(new URL(keys)), checks);
    expect(payload).toMatchObject({ sub: id, nonce: 'n1' });
    expect(refresh).toBeUndefined();
  });

  it('gives no ID token to who does not ask for it', async () => {
    expect((await grant('api refresh_token'))['id_token']).toBeUndefined();
  });

  it('says whether the address is verified', async () => {
    const verified = async () => {
      const headers = { authorization: `Bearer ${String((await grant('openid email'))['access_token'])}` };
      const answer = await fetch(`${org.url}/services/oauth2/userinfo`, { headers });
      return ((await answer.json()) as { email_verified: boolean }).email_verified;
    };
    expect(await verified()).toBe(true);
    await org.control('PATCH', `users/${org.users[1]?.id ?? ''}`, { emailVerified: false });
    expect(await verified()).toBe(false);
    await org.control('PATCH', `users/${org.users[1]?.id ?? ''}`, { emailVerified: true });
    expect(await verified()).toBe(true);
  });
});
