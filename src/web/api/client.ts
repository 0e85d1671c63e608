import createClient from 'openapi-fetch';
import { Problem, type ProblemBody } from './problem';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

/** Called when the session has ended, whatever was asked. */
let onSignedOut: () => void = () => undefined;

export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

export const api = createClient<paths>({ baseUrl: location.origin, credentials: 'same-origin' });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer's body; throws a `Problem` that has a sentence for a person. */
export async function answerOf<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch {
    throw Problem.unreachable();
  }
  const { data, error, response } = answer;
  if (response.ok) return data as T;
  const problem = Problem.of(response.status, error as ProblemBody | undefined, response.headers);
  if (problem.code === 'unauthenticated') onSignedOut();
  throw problem;
}
