import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { Config } from '../../../src/config/config.js';
import { audienceOf, signAssertion } from '../../../src/salesforce/connection/jwt-assertion.js';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const now = new Date('2026-03-04T10:00:00Z');

describe('an assertion', () => {
  it('says who asks, in whose name, of whom, and for a minute and a half', async () => {
    const of = { clientId: 'app', username: 'i@acme.example', loginUrl: 'https://login.salesforce.com', now };
    const token = await signAssertion(privateKey, of);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256' });
    const exp = now.getTime() / 1000 + 90;
    expect(decodeJwt(token)).toEqual({ iss: 'app', sub: 'i@acme.example', aud: 'https://login.salesforce.com', exp });
  });

  it.each([
    ['https://login.salesforce.com', 'https://login.salesforce.com'],
    ['https://test.salesforce.com', 'https://test.salesforce.com'],
    ['https://acme.my.salesforce.com', 'https://login.salesforce.com'],
    ['https://acme-dev-ed.develop.my.salesforce.com', 'https://login.salesforce.com'],
    ['https://acme--uat.sandbox.my.salesforce.com', 'https://test.salesforce.com'],
    ['https://acme.scratch.my.salesforce.com', 'https://test.salesforce.com'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
  ])('at %s is for %s', (loginUrl, audience) => {
    expect(audienceOf(loginUrl)).toBe(audience);
  });
});

describe('SALESFORCE_JWT_PRIVATE_KEY', () => {
  const read = (pem: string) =>
    Config.fromEnvironment({
      ...{ DATABASE_URL: 'x', REDIS_URL: 'x', ENCRYPTION_KEYS: `k:${Buffer.alloc(32).toString('base64')}` },
      SALESFORCE_JWT_PRIVATE_KEY: pem,
    }).get('SALESFORCE_JWT_PRIVATE_KEY')[0];
  const pemOf = (key: typeof privateKey, type: 'pkcs1' | 'pkcs8') => String(key.export({ type, format: 'pem' }));

  it('is read in both forms, and with its line breaks written out', () => {
    for (const pem of [pemOf(privateKey, 'pkcs1'), pemOf(privateKey, 'pkcs8')]) {
      expect(read(pem)?.equals(privateKey)).toBe(true);
      expect(read(pem.replaceAll('\n', '\\n'))?.equals(privateKey)).toBe(true);
    }
    expect(read('')).toBeUndefined();
  });

  it('of another kind, too short, or broken ends the start, and is not repeated', () => {
    const short = pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey, 'pkcs8');
    const elliptic = pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'pkcs8');
    for (const pem of [short, elliptic, pemOf(privateKey, 'pkcs8').slice(0, 300), 'secret']) {
      expect(() => read(pem)).toThrow(/SALESFORCE_JWT_PRIVATE_KEY: expected an RSA private key of 2048 bits/);
      expect(() => read(pem)).not.toThrow(pem.split('\n')[1] ?? pem);
    }
  });
});
