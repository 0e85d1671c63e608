import { describe, expect, it } from '@jest/globals';
import { Config } from '../../src/config/config.js';
import { requireFitness } from '../../src/config/fitness.js';

function start(env: Record<string, string>): () => void {
  const needed = { DATABASE_URL: 'postgres://db/x', REDIS_URL: 'redis://r', ENCRYPTION_KEYS: keys() };
  const config = Config.fromEnvironment({ ...needed, ...env });
  return () => requireFitness(config);
}

const keys = () => `k:${Buffer.alloc(32, 7).toString('base64')}`;

describe('a trial', () => {
  it.each(['smtp://127.0.0.1:2525', 'smtps://localhost', 'smtp://user:secret@[::1]:25'])('may mail to %s', (url) => {
    expect(start({ SMTP_URL: url })).not.toThrow();
  });

  it.each([
    'smtp://mail.example.com',
    'smtp://127.0.0.1@mail.example.com',
    'smtp://127.0.0.1.example.com',
    // Options of the mail library, a way out among them.
    'smtp://127.0.0.1/?proxy=http://mail.example.com',
    'http://127.0.0.1',
    'nonsense',
  ])('does not start with %s', (url) => {
    expect(start({ SMTP_URL: url })).toThrow(/SMTP_URL/);
  });
});

describe('production', () => {
  const fit = { NODE_ENV: 'production', PUBLIC_URL: 'https://command.example.com' };

  it('may mail anywhere, as somebody', () => {
    expect(start({ ...fit, SMTP_URL: 'smtp://mail.example.com', MAIL_FROM: 'cc@example.com' })).not.toThrow();
  });

  it.each([
    [{ PUBLIC_URL: 'http://command.example.com' }, /PUBLIC_URL/],
    [{ SALESFORCE_LOGIN_HOSTS: 'http://127.0.0.1:1' }, /SALESFORCE_LOGIN_HOSTS/],
  ])('does not start with %j', (env, message) => {
    expect(start({ ...fit, ...env })).toThrow(message);
  });
});
