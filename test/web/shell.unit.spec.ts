import { describe, expect, it } from '@jest/globals';
import { safeReturn } from '../../src/web/session/safe-return';
import { actionWords, detailWords } from '../../src/web/settings/audit-words';
import { keyName } from '../../src/web/shell/key-name';
import { gatherMs, keysOf, retryMs } from '../../src/web/shell/live-keys';
import { statusWords } from '../../src/web/shell/status';
import { parseQuery, searchOf } from '../../src/web/tasks/views';

const pressed = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) =>
  keyName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

describe('keys', () => {
  it('are named alike on every keyboard', () => {
    expect(pressed('j')).toBe('j');
    expect(pressed('J', { shiftKey: true })).toBe('shift+j');
    expect(pressed('?', { shiftKey: true })).toBe('?');
    expect(pressed('#')).toBe('#');
    expect(pressed('ArrowDown', { shiftKey: true })).toBe('shift+ArrowDown');
    expect(pressed('a', { metaKey: true })).toBe('mod+a');
    expect(pressed('a', { ctrlKey: true })).toBe('mod+a');
    expect(pressed('e', { altKey: true })).toBeUndefined();
  });
});

describe('the address', () => {
  it('holds what is shown, and nothing that is usual', () => {
    const search = '?view=range&from=2026-11-01&to=2026-11-30&q=renewal&type=call&priority=high&assignee=any&task=t1';
    expect(searchOf(parseQuery(search))).toBe(search);
    expect(searchOf(parseQuery(''))).toBe('');
    expect(parseQuery('').view).toBe('today');
    expect(parseQuery('?view=range&from=2026-11-01')).toMatchObject({ view: 'range', to: undefined });
  });

  it('may hold nonsense, which is as if it were not there', () => {
    const usual = parseQuery('');
    expect(parseQuery('?view=x&type=y&priority=z')).toEqual(usual);
    expect(parseQuery('?view=range')).toEqual(usual);
    expect(parseQuery('?view=range&from=2026-12-01&to=2026-11-01')).toEqual(usual);
  });

  it('leads back after signing in, but never to another site', () => {
    expect(safeReturn('/tasks?view=overdue')).toBe('/tasks?view=overdue');
    for (const bad of [null, '//evil.example', '/\\evil.example', 'https://evil.example', '/sign-in']) {
      expect(safeReturn(bad)).toBe('/tasks');
    }
  });
});

describe('whether Salesforce is in step', () => {
  const now = new Date('2026-11-25T12:00:00Z');
  const good = {
    connected: true,
    paused: false,
    two_way: true,
    advice: '',
    last_pull_at: '2026-11-25T11:59:48Z',
    next_pull_at: null,
    waiting: 0,
    waiting_since: null,
    problems: 0,
    resting_until: null,
    last_failure: null,
    reps_syncing: 3,
    reps_reading: 0,
    last_reconcile_at: null,
    last_reconcile_drift: null,
    next_reconcile_at: null,
    open_alarms: 0,
  };
  const said = (values: Partial<typeof good> & { resting_until?: string | null }) => {
    const { tone, title } = statusWords({ ...good, ...values }, now);
    return `${tone}: ${title}`;
  };

  it('says so, and since when', () => {
    expect(statusWords(good, now)).toEqual({
      tone: 'good',
      title: 'In step with Salesforce',
      detail: 'Read 12 s ago',
    });
  });

  it('says what keeps it from being so, the worst first', () => {
    expect(said({ connected: false, problems: 2 })).toBe('off: Salesforce is not connected');
    expect(said({ paused: true, problems: 2 })).toBe('waiting: Sync is paused');
    expect(said({ problems: 2, waiting: 3 })).toBe('bad: 2 tasks need you');
    expect(said({ open_alarms: 1 })).toBe('bad: Records vanished in Salesforce');
    expect(said({ waiting: 1 })).toBe('waiting: Sending 1 change');
    expect(said({ reps_reading: 1 })).toBe('waiting: First sync is running');
    expect(said({ reps_syncing: 0 })).toBe('off: Nobody syncs yet');
  });
});

describe('live events', () => {
  it('ask again for what they are about', () => {
    expect(keysOf({ name: 'task', data: { id: 't' } })).toContain('tasks');
    expect(keysOf({ name: 'sync', data: { kind: 'status' } })).toEqual(['status']);
    expect(keysOf({ name: 'reset', data: {} })).toContain('sync');
  });

  it('are gathered while they come in crowds', () => {
    expect(gatherMs(60_000)).toBeLessThan(gatherMs(100));
  });

  it('come again after a pause that grows to a minute', () => {
    expect(retryMs(0, 1)).toBe(1_000);
    expect(retryMs(20, 1)).toBe(60_000);
    expect(retryMs(3, 0)).toBe(4_000);
  });
});

describe('an entry of the audit log', () => {
  it('says what was done, also of an act that the page does not know', () => {
    expect(actionWords('salesforce.paused')).toBe('Paused all sync');
    expect(actionWords('list.shared_widely')).toBe('List: shared widely');
  });

  it('tells the details in one line, without ids', () => {
    expect(detailWords({ role: { from: 'member', to: 'admin' }, timeZone: { from: 'UTC', to: '' } })).toBe(
      'role: member → admin · timeZone: UTC → none',
    );
    expect(detailWords({ to: '01a217bb-3594-77a7-8470-b05af113f15c', locked: true, scopes: ['a', 'b'] })).toBe(
      'locked: yes · scopes: a, b',
    );
    const from = { enabled: false, scope: null };
    expect(detailWords({ from, to: { enabled: true, scope: 'all' } })).toBe('enabled: no → yes · scope: none → all');
  });
});
