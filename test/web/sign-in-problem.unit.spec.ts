import { describe, expect, it } from '@jest/globals';
import { SIGN_IN_PROBLEMS } from '../../src/salesforce/sign-in/sign-in-problem.js';
import { signInProblem } from '../../src/web/session/sign-in-problem';

describe('why a sign-in with Salesforce came to nothing', () => {
  it.each([...SIGN_IN_PROBLEMS])('has its sentence: %s', (code) => {
    expect(signInProblem(code)).toEqual({ title: expect.any(String), text: expect.any(String) });
  });

  it.each([null, '', 'Your account is locked, call 555', '__proto__', 'constructor', 'toString'])(
    'shows no text of the address: %s',
    (code) => {
      expect(signInProblem(code)).toBeUndefined();
    },
  );
});
