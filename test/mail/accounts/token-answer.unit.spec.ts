import { describe, expect, test } from '@jest/globals';
import { addressOf, givesScope, MailTokenError, tokensOf } from '../../../src/mail/accounts/token-answer.js';

const NOW = new Date('2026-03-04T10:00:00Z');

describe('The answer of a token endpoint', () => {
  test('is a token, and the refresh token that there was where no other comes', () => {
    const body = { access_token: 'a', expires_in: 600 };
    expect(tokensOf({ status: 200, body }, 'Gmail', 'before', NOW)).toEqual({
      ...{ accessToken: 'a', refreshToken: 'before', gotAt: NOW, expiresAt: new Date('2026-03-04T10:10:00Z') },
    });
    expect(tokensOf({ status: 200, body: { ...body, refresh_token: 'r' } }, 'Gmail', 'b', NOW).refreshToken).toBe('r');
  });

  test.each([
    [400, { error: 'invalid_grant' }, 535, 'connect the mailbox again'],
    [401, { error: 'invalid_client' }, 535, 'client id and secret'],
    [400, { error: 'temporarily_unavailable' }, 450, 'tried again'],
    [400, { error: 'server_error' }, 450, 'tried again'],
    [400, { error: 'invalid_scope' }, 535, 'It says: invalid_scope'],
    [429, {}, 450, 'tried again'],
    [503, '<html>', 450, 'tried again'],
    [200, { token_type: 'Bearer' }, 450, 'no token'],
    [200, { access_token: 'a' }, 535, 'once only'],
  ])('%i %j is %i', (status, body, code, words) => {
    const read = () => tokensOf({ status, body }, 'Gmail', null, NOW);
    expect(read).toThrow(MailTokenError);
    try {
      read();
    } catch (error) {
      expect(error).toMatchObject({ responseCode: code, words: expect.stringContaining(words) });
    }
  });

  const [google, microsoft] = ['https://mail.google.com/', 'SMTP.Send'];
  test.each([
    [google, undefined, true],
    [google, 'openid https://www.googleapis.com/auth/userinfo.email https://mail.google.com/', true],
    [google, 'openid https://www.googleapis.com/auth/userinfo.email', false],
    [google, 'https://mail.google.com/x', false],
    [microsoft, 'openid email https://outlook.office.com/SMTP.Send', true],
    [microsoft, 'https://outlook.office365.com/smtp.send profile', true],
    [microsoft, 'smtp.send', true],
    [microsoft, 'openid email https://outlook.office.com/SMTP.SendAsApp', false],
    [microsoft, 'openid email', false],
  ])('lets us send by %s: %j is %s', (mailScope, scope, allowed) => {
    expect(givesScope({ access_token: 'a', scope }, mailScope)).toBe(allowed);
  });

  const idToken = (claims: object) => ({ id_token: `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.` });
  test('says whose mailbox it is, to us alone', () => {
    expect(addressOf(idToken({ aud: 'us', email: 'Ann@Example.com' }), 'us')).toBe('ann@example.com');
    expect(addressOf(idToken({ aud: 'us', preferred_username: 'bo@example.com' }), 'us')).toBe('bo@example.com');
    expect(addressOf(idToken({ aud: 'others', email: 'ann@example.com' }), 'us')).toBeUndefined();
    expect(addressOf(idToken({ aud: 'us', email: 'ann@example.com\r\nX: y' }), 'us')).toBeUndefined();
    expect(addressOf({ id_token: '###' }, 'us')).toBeUndefined();
  });
});
