import { type CatalogueEntry, type ErrorCategory, explainSalesforceCode } from '../client/error-catalogue.js';
import type { ErrorKind } from '../client/errors.js';

/**
 * - `stop`: the connection is stopped and goes on after it was made again
 * - `park`: the record waits until someone acts
 * - `retry`: tried again by itself, with growing pauses
 * - `fact`: no error: what it says is applied here
 */
export type Behaviour = 'stop' | 'park' | 'retry' | 'fact';

export interface Explanation {
  category: ErrorCategory;
  behaviour: Behaviour;
  /** What is happening. */
  sentence: string;
  /** What to do. */
  advice: string;
}

const BEHAVIOURS: Record<ErrorKind, Behaviour> = {
  stopped: 'stop',
  reauthenticate: 'stop',
  retry: 'retry',
  concurrency: 'retry',
  limit: 'retry',
  admin: 'park',
  user: 'park',
  gone: 'fact',
};

/** Refusals of our own, made before anything was sent. */
export const OWN_CODES: Readonly<Record<string, Explanation>> = {
  NO_SALESFORCE_USER: {
    category: 'access_or_validation',
    behaviour: 'park',
    sentence: 'The task cannot go to Salesforce because its assignee has no Salesforce user.',
    advice: 'Match the assignee under Salesforce → Reps, or give the task to somebody who is matched.',
  },
  ACTIVITY_ARCHIVED: {
    category: 'access_or_validation',
    behaviour: 'park',
    sentence: 'Salesforce archived this activity, so it is only read there. The change stays here.',
    advice: 'Make a new task if the work goes on.',
  },
};

/** A code in words. */
export function explain(code: string): Explanation {
  const own = Object.hasOwn(OWN_CODES, code) ? OWN_CODES[code] : undefined;
  if (own) return own;
  const entry = explainSalesforceCode(code);
  const { category, sentence, advice } = entry;
  return { category, behaviour: behaviourOf(entry), sentence, advice };
}

// Of the log-in, what an admin must change stops everything.
function behaviourOf({ category, kind }: CatalogueEntry): Behaviour {
  return category === 'authentication' ? 'stop' : BEHAVIOURS[kind];
}
