import { explainSalesforceCode } from '../client/error-catalogue.js';

export interface Explanation {
  category: string;
  /** What is happening. */
  sentence: string;
  /** What to do. */
  advice: string;
}

/** Refusals of our own, made before anything was sent. */
const OWN: Record<string, Explanation> = {
  NO_SALESFORCE_USER: {
    category: 'validation',
    sentence: 'The task cannot go to Salesforce because its assignee has no Salesforce user.',
    advice: 'Match the assignee under Salesforce → Users, or give the task to somebody who is matched.',
  },
  ACTIVITY_ARCHIVED: {
    category: 'validation',
    sentence: 'Salesforce archived this activity, so it is only read there. The change stays here.',
    advice: 'Make a new task if the work goes on.',
  },
};

/** A code in words. */
export function explain(code: string): Explanation {
  const own = OWN[code];
  if (own) return own;
  const { category, sentence, advice } = explainSalesforceCode(code);
  return { category, sentence, advice };
}
