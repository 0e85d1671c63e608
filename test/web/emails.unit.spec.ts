import { describe, expect, it } from '@jest/globals';
import { bulkActionsOf, doneWords, questionOf } from '../../src/web/emails/email-acts';
import {
  type Batch,
  BLANK_BATCH,
  forPeople,
  recipientsOf,
  textFor,
  withCommonText,
  withoutPeople,
  withPeople,
  withText,
} from '../../src/web/emails/compose/batch';
import { laterOf, scheduleOf, timeSentence } from '../../src/web/emails/compose/send-time';
import { faultWords } from '../../src/web/emails/compose/fault-words';
import { composeOf } from '../../src/web/emails/compose/what';
import { BLANK, changesOf, isDraft } from '../../src/web/emails/compose/written';
import { kindWords, timeWords, toWords } from '../../src/web/emails/email-words';
import { type ColumnSet, clicked, listOf, moved, offered, sortedAs, toggledColumn } from '../../src/web/emails/columns';
import { type Email, inFolder, parseQuery, searchOf } from '../../src/web/emails/folders';

const NOW = new Date('2026-11-25T12:00:00Z');
const [ADA, BOB] = ['018f0000-0000-7000-8000-00000000000a', '018f0000-0000-7000-8000-00000000000b'] as const;

function email(fields: Partial<Email> = {}): Email {
  return {
    ...{ id: ADA, kind: 'single', state: 'delivered', folder: 'delivered', sender: { id: BOB, name: 'Rep' } },
    ...{ person: null, to_name: 'Grace', to_address: 'grace@example.com', cc: [], bcc: [], subject: 'A question' },
    ...{ identity_id: null, channel_id: null, template_id: null, batch_id: null, reply_to_id: null },
    ...{ identity: null, channel: null, template: null, failed_at: null, latest_activity: null },
    ...{ send_at: null, time_zone: null, waiting: null, reason: null, success: false, task: null, sent_at: null },
    ...{ state_at: '2026-11-25T10:00:00Z', quick_actions: [], version: 1 },
    ...{ created_at: '2026-11-20T10:00:00Z', updated_at: '2026-11-20T10:00:00Z' },
    ...fields,
  };
}

describe('the address of the emails', () => {
  it('says what is shown, and no more than is unusual', () => {
    const search = '?folder=scheduled&sort=subject&q=fleet&roll_up=true&batch=b&email=e';
    expect(searchOf(parseQuery(search))).toBe(search);
    expect(searchOf(parseQuery('?folder=nonsense&sort=nonsense'))).toBe('');
    expect(parseQuery('?folder=constructor').folder).toBe('delivered');
  });

  it('opens each folder as it is kept, without what was open', () => {
    expect(parseQuery('?folder=scheduled')).toMatchObject({ sort: undefined, rollUp: undefined });
    const next = inFolder(parseQuery('?email=e&batch=b&sort=subject&roll_up=false&q=fleet'), 'scheduled');
    expect(searchOf(next)).toBe('?folder=scheduled&q=fleet');
  });

  it('says it before what the folder is kept with', () => {
    const kept: ColumnSet = {
      ...{ folder: 'drafts', columns: ['subject'], sort: 'person', rows_per_page: 25, roll_up: true, saved: true },
    };
    expect(listOf(parseQuery('?folder=drafts'), kept)).toMatchObject({ sort: 'person', rollUp: true, rowsPerPage: 25 });
    const said = listOf(parseQuery('?folder=drafts&sort=-subject&roll_up=false'), kept);
    expect(said).toMatchObject({ sort: '-subject', rollUp: false });
  });
});

describe('the columns of a list', () => {
  it('are put in another order by a click, and turned round by the next', () => {
    expect([clicked('subject', 'newest'), clicked('subject', 'subject'), clicked('subject', '-subject')]).toEqual([
      ...['subject', '-subject', 'subject'],
    ]);
    expect([clicked('sent', 'subject'), clicked('groups', 'newest')]).toEqual(['-sent', undefined]);
    expect([sortedAs('sent', '-sent'), sortedAs('scheduled', 'send_at'), sortedAs('failed', 'newest')]).toEqual([
      ...['descending', 'ascending', 'descending'],
    ]);
    expect([sortedAs('sent', 'subject'), sortedAs('status', 'newest')]).toEqual([undefined, undefined]);
  });

  it('come before the actions, go, and change places within the list', () => {
    expect(toggledColumn(['person', 'actions'], 'company')).toEqual(['person', 'company', 'actions']);
    expect(toggledColumn(['person', 'subject'], 'actions')).toEqual(['person', 'subject', 'actions']);
    expect(toggledColumn(['person', 'subject'], 'person')).toEqual(['subject']);
    expect(moved(['person', 'subject', 'sent'], 'sent', 0)).toEqual(['sent', 'person', 'subject']);
    expect(moved(['person', 'subject', 'sent'], 'person', 1)).toEqual(['subject', 'person', 'sent']);
    for (const to of [-1, 2]) expect(moved(['person', 'subject'], 'person', to)).toEqual(['person', 'subject']);
    expect(new Set(offered(['sent']))).toEqual(new Set(offered([])));
    expect(offered(['sent'])[0]).toBe('sent');
  });
});

describe('an email in words', () => {
  it('says times as a person near them does', () => {
    expect(timeWords('2026-11-25T08:05:00Z', 'Europe/Berlin', NOW)).toBe('Today 09:05');
    expect(timeWords('2026-11-27T08:05:00Z', 'Europe/Berlin', NOW)).toMatch(/^Fri,? 27 Nov 09:05$/);
    expect(timeWords('2025-11-27T08:05:00Z', 'UTC', NOW)).toMatch(/27 Nov 2025 08:05$/);
  });

  it('shows a rolled-up row as all of its group', () => {
    const row = email({ kind: 'group', rolled_up: 40 });
    expect([toWords(row).name, kindWords(row)]).toEqual(['40 people', 'Group email · 40']);
    expect(toWords(email({ to_address: null }))).toEqual({ name: 'Grace', address: 'no address' });
  });
});

describe('what is done in bulk', () => {
  it('is what the folder allows: nothing that is being sent, and no delivered email is deleted', () => {
    expect(bulkActionsOf('in_progress')).toEqual([]);
    expect(bulkActionsOf('delivered')).not.toContain('delete');
    expect(bulkActionsOf('failed')).toEqual(['retry', 'delete']);
  });

  it('is asked before where it cannot be undone, or may arrive twice', () => {
    const [sure, unsure] = [email({ state: 'failed' }), email({ state: 'uncertain' })];
    expect(questionOf('archive', [email()], 1)).toBeUndefined();
    expect(questionOf('retry', [sure], 1)).toBeUndefined();
    expect(questionOf('retry', [unsure], 1)).toMatch(/twice/);
    expect(questionOf('retry', [sure, unsure], 2)).toMatch(/^Of 2 emails, 1 may have arrived already/);
    expect(questionOf('delete', [email({ state: 'scheduled' })], 1)).toMatch(/not sent then/);
    expect(doneWords('delete', [sure, unsure])).toBe('2 emails deleted.');
  });
});

describe('what is written to one person', () => {
  it('becomes a draft with a subject and a person, not before', () => {
    expect(isDraft({ ...BLANK, subject: 'A question' })).toBe(false);
    expect(isDraft({ ...BLANK, person_id: ADA, subject: '  ' })).toBe(false);
    expect(isDraft({ ...BLANK, person_id: ADA, subject: 'A question' })).toBe(true);
  });

  it('sends only what changed: what is emptied is null, or no address', () => {
    const before = { ...BLANK, cc: 'a@example.com,b@example.com', template_id: BOB, subject: 'Old' };
    const after = { ...before, cc: '', template_id: '', subject: 'New' };
    expect(changesOf(before, after)).toEqual({ cc: [], template_id: null, subject: 'New' });
    expect(changesOf(before, { ...before, cc: 'a@example.com' })).toEqual({ cc: ['a@example.com'] });
  });
});

describe('what is written to many', () => {
  const batch: Batch = { ...BLANK_BATCH, person_ids: [ADA, BOB], subject: 'News', body: 'Hello' };

  it('gives one person an own text, which a change for everybody overwrites', () => {
    const own = withText(batch, ADA, { body: 'Hello Ada' });
    expect([textFor(own, ADA).body, textFor(own, BOB).body]).toEqual(['Hello Ada', 'Hello']);
    expect(textFor(withText(own, undefined, { body: 'Dear all' }), ADA).body).toBe('Dear all');
    expect(textFor(withCommonText(own, ADA), ADA).body).toBe('Hello');
    expect(withoutPeople(own, [ADA])).toEqual({ ...batch, person_ids: [BOB] });
  });

  it('is for two hundred people, each once', () => {
    const many = Array.from({ length: 250 }, (_, n) => `p${n}`);
    expect(withPeople(batch, [ADA, ...many]).person_ids).toHaveLength(200);
    expect(withPeople(batch, [ADA]).person_ids).toEqual([ADA, BOB]);
    const own = withText(batch, ADA, { body: 'Hello Ada' });
    expect(forPeople(own, [BOB])).toEqual({ ...batch, person_ids: [BOB], edits: {} });
  });

  it('can be sent once nothing is missing', () => {
    expect(recipientsOf({ ...batch, body: ' ' }, 'select')).toBeUndefined();
    expect(recipientsOf(batch, 'group')).toBeUndefined();
    expect(recipientsOf(withText(batch, ADA, { body: '' }), 'select')).toBeUndefined();
    expect(recipientsOf(withText(batch, ADA, { body: 'Hello Ada' }), 'select')).toEqual({
      ...{ kind: 'select', person_ids: [ADA, BOB], subject: 'News', body: 'Hello', attachments: [] },
      edits: [{ person_id: ADA, subject: 'News', body: 'Hello Ada' }],
    });
    expect(recipientsOf({ ...batch, group_id: BOB }, 'group')).toMatchObject({ kind: 'group', group_id: BOB });
  });
});

describe('when it leaves', () => {
  const zones = { own: 'Europe/Berlin', recipient: 'Asia/Tokyo' };
  const later = { date: '2026-11-26', time: '09:00', zone: 'own', named: 'America/New_York' } as const;

  it('is said as the moment it comes to', () => {
    expect(timeSentence(later, zones, NOW)?.text).toMatch(
      /^Leaves Thursday.* 26 November 2026, 09:00 in Europe\/Berlin, in 20 h\.$/,
    );
    const theirs = timeSentence({ ...later, zone: 'recipient' }, zones, NOW)?.text;
    expect(theirs).toMatch(/09:00 in Asia\/Tokyo, in 12 h\. For you that is Thursday.* 26 November 2026, 01:00\.$/);
    expect(timeSentence({ ...later, zone: 'recipient' }, { ...zones, recipient: undefined }, NOW)?.text).toMatch(
      /where each of them is; in Europe\/Berlin for those/,
    );
  });

  it('says what cannot be: the past, and an hour that the clocks skip', () => {
    expect(timeSentence({ ...later, date: '2026-11-25', time: '08:00' }, zones, NOW)?.isPast).toBe(true);
    expect(timeSentence({ ...later, date: '2027-03-28', time: '02:30' }, zones, NOW)?.text).toMatch(/03:30.*skip/);
    expect(timeSentence({ ...later, date: '' }, zones, NOW)).toBeUndefined();
  });

  it('is asked of the server as the clock that was chosen', () => {
    const wall = { date: '2026-11-26', time: '09:00' };
    expect(scheduleOf(later)).toEqual(wall);
    expect(scheduleOf({ ...later, zone: 'recipient' })).toEqual({ ...wall, recipient_time_zone: true });
    expect(scheduleOf({ ...later, zone: 'named' })).toEqual({ ...wall, time_zone: 'America/New_York' });
  });

  it('begins with the time that it has, on the clock that it was chosen on', () => {
    const sent = { send_at: '2026-11-26T08:00:00Z', time_zone: 'Europe/Berlin' };
    expect(laterOf(sent, 'Europe/Berlin')).toMatchObject({ date: '2026-11-26', time: '09:00', zone: 'own' });
    expect(laterOf({ ...sent, time_zone: 'Asia/Tokyo' }, 'Europe/Berlin')).toMatchObject({
      time: '17:00',
      zone: 'named',
    });
    expect(laterOf({ send_at: null, time_zone: null }, 'UTC')).toBeUndefined();
  });
});

describe('the address of what is written', () => {
  it('names one person, many, a group, or what is edited; what is no id is left out', () => {
    expect(composeOf('')).toEqual({ kind: 'single', person: undefined });
    expect(composeOf(`?person=${ADA}`)).toEqual({ kind: 'single', person: ADA });
    expect(composeOf(`?people=${ADA},x,${BOB}`)).toEqual({ kind: 'select', people: [ADA, BOB], group: undefined });
    expect(composeOf(`?group=${ADA}`)).toEqual({ kind: 'group', people: [], group: ADA });
    expect(composeOf(`?id=${ADA}&all=true`)).toEqual({ kind: 'edit', id: ADA, ofAll: true });
    expect(composeOf('?id=nonsense')).toEqual({ kind: 'single', person: undefined });
  });
});

describe('what the server refuses', () => {
  it('is said of the things as the page calls them', () => {
    const words = [
      { field: 'schedule.date', message: 'is in the past' },
      { field: 'body', message: 'there is no dynamic field “nope” (line 1)' },
      { field: 'edits.3.person_id', message: 'is not among person_ids' },
      { field: 'some_thing', message: 'is odd' },
    ].map(faultWords);
    expect(words).toEqual([
      'The day is in the past.',
      'The text: there is no dynamic field “nope” (line 1).',
      'The text of one person is not among person_ids.',
      'some thing is odd.',
    ]);
  });
});
