import { describe, expect, it } from '@jest/globals';
import { linesOf } from '../../src/web/tasks/lines';
import {
  countsAfter,
  type ListQuery,
  listHas,
  type Looker,
  putTasks,
  type Task,
  type TaskPages,
} from '../../src/web/tasks/lists';
import { toggled, withRange } from '../../src/web/ui/selection';
import { task } from './task';

const TODAY = '2026-11-25';
const looker: Looker = { today: TODAY, now: new Date('2026-11-25T12:00:00Z'), me: 'me' };
const list: ListQuery = { view: 'today' };
const pagesOf = (...pages: Task[][]): TaskPages => ({
  pages: pages.map((data, index) => ({ data, next: index < pages.length - 1 ? 'more' : null })),
  pageParams: [],
});
const idsOf = ({ pages }: TaskPages) => pages.map(({ data }) => data.map(({ id }) => id));

describe('which tasks a list shows', () => {
  it('goes by the due date, the status, and sleep', () => {
    const shown = (values: Partial<Task>, view: ListQuery['view'] = 'today') =>
      listHas({ view }, task('1', values), looker);
    expect(shown({})).toBe(true);
    expect(shown({ due_date: '2026-11-26' })).toBe(true);
    expect(shown({ due_date: '2026-11-27' })).toBe(false);
    expect(shown({ due_date: '2026-11-27' }, 'upcoming')).toBe(true);
    expect(shown({ due_date: '2026-11-24' }, 'overdue')).toBe(true);
    expect(shown({ due_date: null }, 'no_date')).toBe(true);
    expect(shown({ due_date: null }, 'overdue')).toBe(false);
    expect(shown({ status: 'completed' })).toBe(false);
    expect(shown({ status: 'skipped' }, 'completed')).toBe(true);
    expect(shown({ snoozed_until: '2026-11-25T13:00:00Z' })).toBe(false);
    expect(shown({ snoozed_until: '2026-11-25T11:00:00Z' })).toBe(true);
    expect(shown({ snoozed_until: '2026-11-25T13:00:00Z' }, 'all')).toBe(true);
    expect(shown({ deleted_at: '2026-11-25T11:00:00Z' }, 'all')).toBe(false);
    expect(listHas({ view: 'range', from: '2026-11-25' }, task('1'), looker)).toBe(true);
    expect(listHas({ view: 'range', to: '2026-11-24' }, task('1'), looker)).toBe(false);
  });

  it('goes by what narrows it', () => {
    const one = task('1', { name: 'Call Grace', type: 'call', priority: 'high' });
    expect(listHas({ ...list, q: 'grace', type: 'call', priority: 'high' }, one, looker)).toBe(true);
    expect(listHas({ ...list, q: 'henry' }, one, looker)).toBe(false);
    expect(listHas({ ...list, type: 'email' }, one, looker)).toBe(false);
    const other = task('2', { assignee: { id: 'bob', name: 'Bob' } });
    expect(listHas(list, other, looker)).toBe(false);
    expect(listHas({ ...list, assignee_id: 'any' }, other, looker)).toBe(true);
    expect(listHas({ ...list, assignee_id: 'bob' }, other, looker)).toBe(true);
  });
});

describe('a list in which tasks changed', () => {
  const [a, b, c] = [task('a'), task('b'), task('c', { due_date: '2026-11-26' })];

  it('loses those that it no longer shows', () => {
    const done = { ...a, status: 'completed' as const };
    expect(idsOf(putTasks(pagesOf([a, b], [c]), list, [done], looker))).toEqual([['b'], ['c']]);
  });

  it('gets back, at its place, what was undone or refused', () => {
    expect(idsOf(putTasks(pagesOf([a], [c]), list, [b], looker))).toEqual([['a'], ['b', 'c']]);
    expect(idsOf(putTasks(pagesOf([a, b]), list, [c], looker))).toEqual([['a', 'b', 'c']]);
  });

  it('moves what was rescheduled', () => {
    const moved = { ...a, due_date: '2026-11-26' };
    expect(idsOf(putTasks(pagesOf([a, b, c]), list, [moved], looker))).toEqual([['b', 'a', 'c']]);
  });

  it('leaves to the next page what stands behind all that was loaded', () => {
    const pages = { pages: [{ data: [a], next: 'more' }], pageParams: [] };
    expect(idsOf(putTasks(pages, list, [c], looker))).toEqual([['a']]);
  });

  it('leaves the pages it was given as they are', () => {
    const pages = pagesOf([a, b]);
    putTasks(pages, list, [{ ...a, deleted_at: '2026-11-25T12:00:00Z' }], looker);
    expect(idsOf(pages)).toEqual([['a', 'b']]);
  });
});

it('counts again what an act moved between views', () => {
  const counts = { today: 3, overdue: 1, next_7_days: 5, upcoming: 2, no_date: 0, completed: 7, all: 13 };
  const before = task('a', { due_date: '2026-11-20' });
  const completed = { ...before, status: 'completed' as const };
  expect(countsAfter(counts, {}, [{ before, after: completed }], looker)).toEqual({
    ...counts,
    overdue: 0,
    completed: 8,
  });
  const today = { ...before, due_date: TODAY };
  const moved = countsAfter(counts, {}, [{ before, after: today }], looker);
  expect(moved).toEqual({ ...counts, overdue: 0, today: 4, next_7_days: 6 });
});

describe('headings', () => {
  it('stand before each group with its count, where there are several', () => {
    const lines = linesOf([task('a'), task('b'), task('c', { due_date: '2026-11-26' })], TODAY, 'today');
    const shown = lines.map((line) => (line.kind === 'group' ? `${line.title} ${line.count}` : line.task.id));
    expect(shown).toEqual(['Today 2', 'a', 'b', 'Tomorrow 1', 'c']);
  });

  it('are left out where all is one group, or the list is not by date', () => {
    expect(linesOf([task('a')], TODAY, 'today').map(({ kind }) => kind)).toEqual(['task']);
    const mixed = [task('a'), task('b', { due_date: null })];
    expect(linesOf(mixed, TODAY, 'all').every(({ kind }) => kind === 'task')).toBe(true);
  });
});

it('selects one, and everything up to another', () => {
  const ids = ['a', 'b', 'c', 'd'];
  expect([...toggled(new Set(['a']), 'a')]).toEqual([]);
  expect([...withRange(ids, toggled(new Set(), 'a'), 3, 2)]).toEqual(['a', 'c', 'd']);
});
