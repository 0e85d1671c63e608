import { describe, expect, it } from '@jest/globals';
import { Attempts } from '../../../src/sandbox/mail-world/attempts.js';
import { behaviourOf, ruleOf } from '../../../src/sandbox/mail-world/recipients.js';

const HOUR_MS = 60 * 60 * 1000;
/** What an address answers, in short. */
const answer = (address: string, earlier = 0): string => {
  const behaviour = behaviourOf(address, earlier);
  return behaviour.does === 'refuse'
    ? `${behaviour.at} ${behaviour.no.code} ${behaviour.no.text.slice(0, 5)}`
    : behaviour.does;
};

describe('a simulated recipient', () => {
  it.each([
    ['bob@customer.example', 0, 'take'],
    ['bounce@customer.example', 0, 'rcpt 550 5.1.1'],
    ['nobody@customer.example', 7, 'rcpt 550 5.1.1'],
    ['full@customer.example', 0, 'rcpt 452 4.2.2'],
    ['full@customer.example', 1, 'rcpt 552 5.2.2'],
    ['full@customer.example', 2, 'rcpt 552 5.2.2'],
    ['greylist@customer.example', 0, 'rcpt 451 4.7.1'],
    ['greylist@customer.example', 1, 'take'],
    ['policy@customer.example', 0, 'data 550 5.7.1'],
    ['slow@customer.example', 0, 'take late'],
  ])('%s after %i earlier attempts: %s', (address, earlier, expected) => {
    expect(answer(address, earlier)).toBe(expected);
  });

  it.each([
    'BOUNCE@x.example',
    'bob.bounce@x.example',
    'bounce+3@x.example',
    'bounce12@x.example',
    'p-7-bounce@x.example',
  ])('finds the word in %s', (address) => expect(answer(address)).toBe('rcpt 550 5.1.1'));

  it.each(['fuller@x.example', 'bouncer@x.example', 'slowik@x.example', 'bob@bounce.example', 'bounce', ''])(
    'finds no word in %s',
    (address) => expect(ruleOf(address)).toBeUndefined(),
  );
});

describe('the memory of attempts', () => {
  const at = { ms: 0 };
  const memory = () => new Attempts(() => new Date(at.ms));

  it('counts by sender and recipient, whatever the case', () => {
    const attempts = memory();
    expect([
      attempts.note('ann@a.example', 'bob@b.example'),
      attempts.note('ANN@a.example', 'Bob@b.example'),
      attempts.note('cleo@a.example', 'bob@b.example'),
      attempts.note('ann@a.example', 'dora@b.example'),
      attempts.note('ann@a.example', 'bob@b.example'),
    ]).toEqual([0, 1, 0, 0, 2]);
  });

  it('begins anew after a day without an attempt', () => {
    const attempts = memory();
    at.ms = 0;
    attempts.note('a', 'b');
    at.ms = 24 * HOUR_MS;
    expect(attempts.note('a', 'b')).toBe(1);
    at.ms += 24 * HOUR_MS + 1;
    expect(attempts.note('a', 'b')).toBe(0);
  });

  it('forgets the pair that was quiet for the longest when there are too many', () => {
    const attempts = memory();
    for (let n = 0; n <= 100_000; n++) attempts.note('a', `b${n}`);
    expect([attempts.note('a', 'b1'), attempts.note('a', 'b0')]).toEqual([1, 0]);
  });
});
