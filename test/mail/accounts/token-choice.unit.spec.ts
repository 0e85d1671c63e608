import { describe, expect, test } from '@jest/globals';
import { isUsable, keptOf } from '../../../src/mail/accounts/token-choice.js';

const NOW = new Date('2026-03-04T10:00:00Z');
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);
const tokens = (accessToken: string, refreshToken: string) => ({
  ...{ accessToken, refreshToken, gotAt: NOW, expiresAt: after(3_600) },
});

describe('The stored access token', () => {
  test.each([
    ['new', 0, 3_600, false, true],
    ['refused, and not new', -31, 3_600, true, false],
    ['refused, and just given', -29, 3_600, true, true],
    ['about to run out', -3_540, 60, false, false],
    ['good for a while', -3_539, 61, false, true],
    ['just given, and about to run out', 0, 60, true, false],
  ])('%s', (_, got, expires, renew, usable) => {
    const stored = { ...tokens('a', 'r'), gotAt: after(got), expiresAt: after(expires) };
    expect(isUsable(stored, renew, NOW)).toBe(usable);
  });
});

describe('When a refresh is answered', () => {
  const before = tokens('a0', 'r0');
  const [same, rotated] = [tokens('a1', 'r0'), tokens('a1', 'r1')];
  test.each([
    ['nobody wrote', before, same, 'answer'],
    ['nobody wrote, and there is a successor', before, rotated, 'answer'],
    ['another process got a token without a successor', tokens('b1', 'r0'), same, 'stored'],
    ['another process got a token, and the answer has the successor', tokens('b1', 'r0'), rotated, 'answer'],
    ['another process has a successor', tokens('b1', 's1'), rotated, 'stored'],
    ['the mailbox was connected again', tokens('c1', 't1'), same, 'stored'],
  ])('%s', (_, stored, answer, kept) => {
    expect(keptOf(before, stored, answer)).toBe(kept === 'answer' ? answer : stored);
  });
});
