import { describe, expect, it } from '@jest/globals';
import { allowedInstanceUrl, allowedLoginUrl } from '../../../src/salesforce/connection/login-url.js';

const listed = ['https://login.salesforce.com', 'https://test.salesforce.com', 'http://127.0.0.1:4000'];

describe('where one may log in', () => {
  it.each([
    ['https://login.salesforce.com', 'https://login.salesforce.com'],
    ['https://LOGIN.salesforce.com/', 'https://login.salesforce.com'],
    ['https://login.salesforce.com:443', 'https://login.salesforce.com'],
    ['https://test.salesforce.com', 'https://test.salesforce.com'],
    ['https://acme.my.salesforce.com', 'https://acme.my.salesforce.com'],
    ['https://acme--uat.sandbox.my.salesforce.com', 'https://acme--uat.sandbox.my.salesforce.com'],
    ['https://acme-dev-ed.develop.my.salesforce.com', 'https://acme-dev-ed.develop.my.salesforce.com'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
  ])('%s is allowed', (text, origin) => {
    expect(allowedLoginUrl(text, listed)).toBe(origin);
  });

  it.each([
    ['another host in front', 'https://login.salesforce.com.evil.com'],
    ['another host with the name inside', 'https://evil-login.salesforce.com'],
    ['a name of a user that looks like the host', 'https://login.salesforce.com@evil.com'],
    ['a user at the right host', 'https://user:secret@login.salesforce.com'],
    ['an empty user', 'https://@login.salesforce.com'],
    ['http', 'http://login.salesforce.com'],
    ['http at My Domain', 'http://acme.my.salesforce.com'],
    ['another port', 'https://login.salesforce.com:8443'],
    ['another port at My Domain', 'https://acme.my.salesforce.com:8443'],
    ['another loopback port', 'http://127.0.0.1:4001'],
    ['another name of loopback', 'http://localhost:4000'],
    ['a path', 'https://login.salesforce.com/evil'],
    ['a path that climbs', 'https://login.salesforce.com/..//evil'],
    ['a query', 'https://login.salesforce.com?x=1'],
    ['a fragment', 'https://login.salesforce.com#@evil.com'],
    ['a backslash', 'https://evil.com\\@login.salesforce.com'],
    ['a tab inside', 'https://login.salesforce.com\t.evil.com'],
    ['a line break', 'https://login.salesforce.com\n'],
    ['a trailing dot', 'https://login.salesforce.com.'],
    ['no label before my', 'https://my.salesforce.com'],
    ['an empty label', 'https://.my.salesforce.com'],
    ['a label too many', 'https://evil.acme.my.salesforce.com'],
    ['My Domain of another', 'https://acme.my.salesforce.com.evil.com'],
    ['My Domain glued on', 'https://evilmy.salesforce.com'],
    ['letters that only look the same', 'https://login.salesforсe.com'],
    ['an escaped dot', 'https://login%2esalesforce.com.evil.com'],
    ['a lightning address', 'https://acme.lightning.force.com'],
    ['another scheme', 'javascript:alert(1)'],
    ['a file', 'file:///etc/passwd'],
    ['nothing', ''],
    ['no address', 'login.salesforce.com'],
  ])('%s is not', (_name, text) => {
    expect(allowedLoginUrl(text, listed)).toBeUndefined();
  });

  it('http needs loopback, even if it is listed', () => {
    expect(allowedLoginUrl('http://sf.example.com', ['http://sf.example.com'])).toBeUndefined();
    expect(allowedLoginUrl('https://sf.example.com', ['https://sf.example.com'])).toBe('https://sf.example.com');
  });
});

describe('where an org may live', () => {
  it('is https, or on loopback where a log-in there is listed', () => {
    expect(allowedInstanceUrl('https://acme.my.salesforce.com', [])).toBe('https://acme.my.salesforce.com');
    expect(allowedInstanceUrl('http://acme.my.salesforce.com', listed)).toBeUndefined();
    expect(allowedInstanceUrl('http://localhost:4000', listed)).toBe('http://localhost:4000');
    expect(allowedInstanceUrl('http://localhost:4000', ['https://login.salesforce.com'])).toBeUndefined();
    expect(allowedInstanceUrl('https://user@acme.my.salesforce.com', [])).toBeUndefined();
  });
});
