import { describe, expect, test } from '@jest/globals';
import {
  courseOf,
  EMAIL_EVENTS,
  EMAIL_STATES,
  folderOf,
  nextState,
  quickActionsOf,
} from '../../../src/command-center/emails/email-state.js';

describe('the state machine', () => {
  // Read it across: from the state, by the event. What is not named stays where it is.
  test.each([
    ['draft', { schedule: 'scheduled', delete: 'deleted' }],
    [
      'scheduled',
      {
        schedule: 'scheduled',
        unschedule: 'draft',
        claim: 'in_progress',
        prove: 'delivered',
        fail: 'failed',
        delete: 'deleted',
      },
    ],
    [
      'in_progress',
      { accept: 'delivered', give_back: 'scheduled', fail: 'failed', doubt: 'uncertain', bounce: 'bounced' },
    ],
    ['delivered', { bounce: 'bounced', complain: 'spam', archive: 'archived' }],
    ['archived', { bounce: 'bounced', complain: 'spam', unarchive: 'delivered', delete: 'deleted' }],
    ['failed', { retry: 'scheduled', delete: 'deleted' }],
    ['uncertain', { prove: 'delivered', bounce: 'bounced', complain: 'spam', retry: 'scheduled', delete: 'deleted' }],
    ['bounced', { complain: 'spam', retry: 'scheduled', delete: 'deleted' }],
    ['spam', { bounce: 'bounced', retry: 'scheduled', delete: 'deleted' }],
    ['deleted', {}],
  ] as const)('from %s', (state, expected) => {
    const found = EMAIL_EVENTS.map((event) => [event, nextState(state, event)]).filter(([, to]) => to !== undefined);
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  test('leads each event to one state, so that one statement can do it for many', () => {
    for (const event of EMAIL_EVENTS) {
      const { from, to } = courseOf(event);
      for (const state of EMAIL_STATES) expect(nextState(state, event)).toBe(from.includes(state) ? to : undefined);
    }
  });

  test('files each state by itself', () => {
    expect(Object.fromEntries(EMAIL_STATES.map((state) => [state, folderOf(state)]))).toEqual({
      draft: 'drafts',
      scheduled: 'scheduled',
      in_progress: 'in_progress',
      delivered: 'delivered',
      archived: 'archived',
      failed: 'failed',
      uncertain: 'failed',
      bounced: 'bounced',
      spam: 'spam',
      deleted: null,
    });
  });

  test('offers at most two quick actions, which the state allows', () => {
    const events: Record<string, string> = { edit: 'schedule', success: 'archive' };
    for (const state of EMAIL_STATES) {
      const actions = quickActionsOf(state);
      expect(actions.length).toBeLessThanOrEqual(2);
      for (const action of actions) {
        expect(nextState(state, (events[action] ?? action) as (typeof EMAIL_EVENTS)[number])).toBeDefined();
      }
    }
  });
});
