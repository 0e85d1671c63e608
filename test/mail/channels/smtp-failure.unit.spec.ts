import { describe, expect, test } from '@jest/globals';
import { type SmtpErrorFacts, smtpFailure } from '../../../src/mail/channels/smtp-failure.js';

const cases: [string, SmtpErrorFacts, string, RegExp][] = [
  ['a name that is none', { code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND' }, 'name', /spelt/],
  ['a forbidden network', { code: 'EFORBIDDEN', message: 'x leads into a network' }, 'name', /inner network/],
  ['a resolver that is away', { code: 'EAI_AGAIN', message: 'getaddrinfo EAI_AGAIN' }, 'name', /few minutes/],
  ['a closed port', { code: 'ESOCKET', command: 'CONN', message: 'connect ECONNREFUSED' }, 'connection', /port/],
  ['no answer', { code: 'ETIMEDOUT', command: 'CONN', message: 'Connection timeout' }, 'connection', /firewall/],
  ['a web server', { code: 'EPROTOCOL', command: 'CONN', message: 'Invalid greeting' }, 'connection', /no mail server/],
  [
    'a bad certificate',
    { code: 'ESOCKET', command: 'CONN', message: 'self-signed certificate' },
    'encryption',
    /certificate/,
  ],
  [
    'a name that is not in it',
    { code: 'ESOCKET', message: "Host: x. is not in the cert's altnames" },
    'encryption',
    /valid/,
  ],
  [
    'TLS where there is none',
    { code: 'ESOCKET', message: 'ssl3_get_record:wrong version number' },
    'encryption',
    /587/,
  ],
  [
    'no STARTTLS',
    { code: 'ETLS', command: 'STARTTLS', responseCode: 502, message: 'Error upgrading' },
    'encryption',
    /465/,
  ],
  [
    'a wrong password',
    { code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535, response: '535 5.7.8 Bad credentials', message: 'x' },
    'log_in',
    /Authentication unsuccessful/,
  ],
  [
    'a log-in that cannot be checked',
    { code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 454, message: 'x' },
    'log_in',
    /few minutes/,
  ],
  ['no log-in at all', { code: 'EAUTH', command: 'API', message: 'Missing credentials' }, 'log_in', /no log-in/],
  [
    'a sender that is not allowed',
    { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 553, message: 'x' },
    'sender',
    /send as/,
  ],
  [
    'relay denied',
    { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 554, message: 'x' },
    'recipient',
    /relay denied/,
  ],
  [
    'a message that is refused',
    { code: 'EMESSAGE', command: 'DATA', responseCode: 554, message: 'x' },
    'message',
    /message/,
  ],
];

describe('what is wrong with a mail server', () => {
  test.each(cases)('is said in words: %s', (_, facts, step, words) => {
    const failure = smtpFailure(facts);
    expect(failure.step).toBe(step);
    expect(failure.words).toMatch(words);
  });

  test('comes with the server’s own words on one line, and not more of them than a page can show', () => {
    const response = `535-5.7.8 Bad\r\n535 5.7.8 credentials${'x'.repeat(2000)}`;
    const { said } = smtpFailure({ code: 'EAUTH', command: 'AUTH', responseCode: 535, response, message: 'x' });
    expect(said).toMatch(/^535-5\.7\.8 Bad 535 5\.7\.8 credentialsx+$/);
    expect(said).toHaveLength(500);
  });
});
