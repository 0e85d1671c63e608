import { expect, test } from '@jest/globals';
import { SenderRefusals } from '../../../src/mail/dispatch/sender-refusals.js';

const ANN = 'ann@acme.example';

test('three different emails are enough; more wait', () => {
  const refusals = new SenderRefusals();
  expect(refusals.add(ANN, '1')).toEqual({ first: true, tooMany: false });
  expect(refusals.add(ANN, '2')).toEqual({ first: false, tooMany: false });
  refusals.add(ANN, '2');
  expect(refusals.isEnough(ANN)).toBe(false);
  refusals.add(ANN, '3');
  expect(refusals.isEnough(ANN)).toBe(true);
  expect(refusals.isEnough('bob@acme.example')).toBe(false);
  expect(refusals.add(ANN, '4')).toMatchObject({ tooMany: true });
});

test('those of before count until one that was not refused', () => {
  const refusals = new SenderRefusals();
  refusals.add(ANN, '3');
  refusals.addEarlier(ANN, [true, false]);
  expect(refusals.isEnough(ANN)).toBe(false);
  refusals.addEarlier(ANN, [true, true]);
  expect(refusals.isEnough(ANN)).toBe(true);
  refusals.clear();
  expect(refusals.isEnough(ANN)).toBe(false);
});
