import { describe, expect, it } from '@jest/globals';
import { entryPath, entryWords, type TimelineEntry } from '../../src/web/people/timeline-words';

const entry = (fields: Partial<TimelineEntry>): TimelineEntry => ({
  ...{ kind: 'email', id: 'e1', what: 'delivered', at: '2026-03-04T10:00:00Z', who: { id: null, name: 'Ann' } },
  ...{ type: null, text: 'Hello', detail: null },
  ...fields,
});

describe('An entry of a timeline', () => {
  it.each([
    [{}, 'sent an email'],
    [{ what: 'bounced' }, 'sent an email that bounced'],
    [{ kind: 'task', what: 'completed', type: 'call' }, 'completed a call'],
    [{ kind: 'task', what: 'open', type: 'custom' }, 'has a task'],
    [{ kind: 'unsubscribe', what: 'unsubscribed', type: 'link' }, 'unsubscribed by the link in an email'],
    [{ kind: 'unsubscribe', what: 'unsubscribed', type: 'manual' }, 'unsubscribed them'],
    [{ kind: 'unsubscribe', what: 'resubscribed', type: 'manual' }, 'subscribed them again'],
    [
      { kind: 'authorization', what: 'stated', type: 'legitimate_interest' },
      'stated why we write: legitimate interest',
    ],
  ] as [Partial<TimelineEntry>, string][])('%j: %s', (fields, words) => {
    expect(entryWords(entry(fields))).toBe(words);
  });

  it('leads to what it is about, but not to the email of a colleague', () => {
    expect(entryPath(entry({}))).toBe('/emails?folder=delivered&email=e1');
    expect(entryPath(entry({ text: null }))).toBeUndefined();
    expect(entryPath(entry({ kind: 'task', id: 't1' }))).toBe('/tasks?task=t1');
    expect(entryPath(entry({ kind: 'note' }))).toBeUndefined();
  });
});
