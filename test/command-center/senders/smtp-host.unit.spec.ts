import { describe, expect, test } from '@jest/globals';
import { hostRefusal, isAllowedAddress } from '../../../src/command-center/senders/smtp-host.js';

const trial = { reach: 'loopback', internal: [] } as const;
const production = { reach: 'internet', internal: ['relay.corp:25'] } as const;

describe('a trial', () => {
  test.each(['127.0.0.1', '::1', 'localhost'])('lets a channel have the server %s', (host) => {
    expect(hostRefusal(host, 1025, trial)).toBeUndefined();
  });

  test.each(['smtp.example.com', '10.0.0.1', '127.0.0.1.example.com', '8.8.8.8', '0.0.0.0'])(
    'refuses %s: nothing of it reaches real people',
    (host) => expect(hostRefusal(host, 587, trial)).toMatchObject({ field: 'host' }),
  );

  test('connects to this machine alone, whatever a name leads to', () => {
    expect(isAllowedAddress('127.0.0.1', 'localhost', 25, trial)).toBe(true);
    expect(isAllowedAddress('93.184.215.14', 'localhost', 25, trial)).toBe(false);
  });
});

describe('in production', () => {
  test.each(['smtp.example.com', '8.8.8.8'])('a channel has the server %s', (host) => {
    expect(hostRefusal(host, 587, production)).toBeUndefined();
  });

  test.each([
    'localhost',
    '127.0.0.1',
    '10.1.2.3',
    '192.168.0.1',
    '169.254.169.254',
    '::1',
    'fd00::1',
    '::ffff:10.0.0.1',
  ])('refuses %s: a rep must not reach into the inner network', (host) =>
    expect(hostRefusal(host, 587, production)).toMatchObject({ field: 'host' }),
  );

  test('takes the ports of mail only', () => {
    expect(hostRefusal('smtp.example.com', 6379, production)).toMatchObject({ field: 'port' });
  });

  test('reaches an inner server that the installation allows, on that port only', () => {
    expect(hostRefusal('relay.corp', 25, production)).toBeUndefined();
    expect(isAllowedAddress('10.0.0.5', 'relay.corp', 25, production)).toBe(true);
    expect(isAllowedAddress('10.0.0.5', 'relay.corp', 587, production)).toBe(false);
  });

  test.each(['127.0.0.1', '10.0.0.5', '169.254.169.254', '::ffff:127.0.0.1', 'fe80::1', '100.64.0.1', '0.0.0.0'])(
    'does not connect to %s, whatever name led there',
    (address) => expect(isAllowedAddress(address, 'smtp.example.com', 587, production)).toBe(false),
  );
});
