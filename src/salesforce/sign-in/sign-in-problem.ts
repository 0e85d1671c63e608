/** Why a sign-in with Salesforce came to nothing, as the page's address tells it: a word, never a text from outside. */
export const SIGN_IN_PROBLEMS = [
  'not_offered',
  'host_refused',
  'expired',
  'denied',
  'failed',
  'org_unknown',
  'user_unknown',
  'unavailable',
] as const;
export type SignInProblem = (typeof SIGN_IN_PROBLEMS)[number];

export class SignInRefused extends Error {
  override readonly name = 'SignInRefused';

  constructor(readonly problem: SignInProblem) {
    super(problem);
  }
}
