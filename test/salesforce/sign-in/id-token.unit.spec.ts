import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from 'jose';
import { IdTokenError, issuerOf, keysOf, verifyIdToken } from '../../../src/salesforce/sign-in/id-token.js';
import { json, type Reply, StubServer } from '../client/stub-server.js';

const ISSUER = 'https://login.salesforce.com';
const SUBJECT = `${ISSUER}/id/00D000000000001EAA/005000000000001AAA`;
const now = new Date('2026-03-04T10:00:00Z');
const seconds = Math.floor(now.getTime() / 1000);
const good = { iss: ISSUER, sub: SUBJECT, aud: 'our app', nonce: 'n1', iat: seconds, exp: seconds + 120 };

let signer: CryptoKey;
let stranger: CryptoKey;
let keys: ReturnType<typeof createLocalJWKSet>;
let publicText: string;

beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  signer = pair.privateKey;
  stranger = (await generateKeyPair('RS256')).privateKey;
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  keys = createLocalJWKSet({ keys: [jwk] });
  publicText = JSON.stringify(jwk);
});

const signed = (claims: JWTPayload, key = signer) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(key);
const verify = (token: string) => verifyIdToken(token, keys, ISSUER, { audience: 'our app', nonce: 'n1', now });

describe('an ID token', () => {
  it('says which user of which org it is', async () => {
    expect(await verify(await signed(good))).toEqual({
      orgId: '00D000000000001EAA',
      userId: '005000000000001AAA',
      subject: SUBJECT,
    });
  });

  it('may be a minute off, for clocks differ', async () => {
    await verify(await signed({ ...good, exp: seconds - 30 }));
  });

  it.each([
    ['for another app', { aud: 'another app' }],
    ['for another sign-in', { nonce: 'n2' }],
    ['without a nonce', { nonce: undefined }],
    ['expired', { exp: seconds - 120 }],
    ['without an end', { exp: undefined }],
    ['of another issuer', { iss: 'https://test.salesforce.com' }],
    ['about an org only', { sub: `${ISSUER}/id/00D000000000001EAA` }],
    ['about something else', { sub: `${ISSUER}/id/00D000000000001EAA/003000000000001AAA` }],
    ['about nobody', { sub: '' }],
  ])('%s is refused', async (_, changes) => {
    await expect(verify(await signed({ ...good, ...changes }))).rejects.toThrow(IdTokenError);
  });

  it('signed by somebody else, by nobody, or with our public key as a secret, is refused', async () => {
    await expect(verify(await signed(good, stranger))).rejects.toThrow(IdTokenError);
    await expect(verify(new UnsecuredJWT(good).encode())).rejects.toThrow(IdTokenError);
    const secret = new TextEncoder().encode(publicText);
    const forged = await new SignJWT(good).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(secret);
    await expect(verify(forged)).rejects.toThrow(IdTokenError);
    const [head = '', , signature = ''] = (await signed(good)).split('.');
    const other = Buffer.from(JSON.stringify({ ...good, sub: SUBJECT.replace('1AAA', '2AAA') })).toString('base64url');
    await expect(verify([head, other, signature].join('.'))).rejects.toThrow(IdTokenError);
  });

  it('is signed by RS256 and nothing else, even by the right key', async () => {
    // As if the issuer did not say what its key is for.
    const { alg: _, ...anyUse } = JSON.parse(publicText) as JWK;
    const open = createLocalJWKSet({ keys: [anyUse] });
    const by = async (alg: string) => {
      const key = await importJWK(await exportJWK(signer), alg);
      const token = await new SignJWT(good).setProtectedHeader({ alg, kid: 'k1' }).sign(key);
      return verifyIdToken(token, open, ISSUER, { audience: 'our app', nonce: 'n1', now });
    };
    expect(await by('RS256')).toMatchObject({ userId: '005000000000001AAA' });
    for (const alg of ['RS512', 'PS256']) await expect(by(alg)).rejects.toThrow(IdTokenError);
  });

  it('names an issuer that is Salesforce, or none whose keys would be asked for', async () => {
    const of = async (iss: string | undefined) => issuerOf(await signed({ ...good, iss }), [ISSUER]);
    expect(await of(ISSUER)).toBe(ISSUER);
    expect(await of('https://acme.my.salesforce.com')).toBe('https://acme.my.salesforce.com');
    for (const iss of [
      'https://evil.com',
      'https://acme.my.salesforce.com.evil.com',
      'http://127.0.0.1:1',
      undefined,
    ]) {
      await expect(of(iss)).rejects.toThrow(IdTokenError);
    }
    expect(() => issuerOf('no token', [ISSUER])).toThrow(IdTokenError);
  });
});

describe('the keys of the issuer', () => {
  let server: StubServer;
  beforeAll(async () => {
    server = await StubServer.start();
  });
  afterAll(() => server.stop());
  const verifyBy = async (token: string) =>
    verifyIdToken(token, keysOf(server.url), ISSUER, { audience: 'our app', nonce: 'n1', now });
  const jwks = () => json(200, { keys: [JSON.parse(publicText)] });

  it('are asked for at one place, and once for many', async () => {
    server.reset();
    server.fallback = jwks();
    const fetched = keysOf(server.url);
    const expected = { audience: 'our app', nonce: 'n1', now };
    for (let n = 0; n < 3; n++) await verifyIdToken(await signed(good), fetched, ISSUER, expected);
    expect(server.received.map(({ url }) => url)).toEqual(['/id/keys']);
  });

  it.each([
    ['with a failure', json(503, {})],
    ['with another address', json(302, {}, { location: '/elsewhere' })],
    ['with a page', ((_, response) => response.end('<html>')) satisfies Reply],
  ])('that are answered %s say nothing about the token, and lead nowhere else', async (_, reply) => {
    server.reset();
    server.fallback = jwks();
    server.next(reply);
    const failure: unknown = await verifyBy(await signed(good)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(IdTokenError);
    expect(server.received.map(({ url }) => url)).toEqual(['/id/keys']);
  });

  it('that are those of somebody else refuse the token', async () => {
    server.reset();
    server.fallback = jwks();
    await expect(verifyBy(await signed(good, stranger))).rejects.toThrow(IdTokenError);
  });
});
