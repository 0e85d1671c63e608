import { describe, expect, it } from '@jest/globals';
import { removalOrder } from '../../src/accounts/removal-order.js';

const names = (tables: Parameters<typeof removalOrder>[0]) => removalOrder(tables).map(({ name }) => name);

describe('the order in which a team’s tables are emptied', () => {
  it('is that a row goes before those that it names, whoever registered first', () => {
    const users = { name: 'users', refersTo: [] };
    const tasks = { name: 'tasks', refersTo: ['people', 'users'] };
    const people = { name: 'people', refersTo: ['users'] };
    const links = { name: 'links', refersTo: ['tasks'] };
    expect(names([users, tasks, people, links])).toEqual(['links', 'tasks', 'people', 'users']);
    expect(names([links, people, tasks, users])).toEqual(['links', 'tasks', 'people', 'users']);
  });

  it('does not exist where tables name each other', () => {
    const tables = [
      { name: 'a', refersTo: ['b'] },
      { name: 'b', refersTo: ['a'] },
      { name: 'c', refersTo: ['a'] },
    ];
    expect(() => removalOrder(tables)).toThrow('These tables refer to each other: a, b.');
  });

  it('needs every table that is named, once', () => {
    expect(() => removalOrder([{ name: 'a', refersTo: ['forgotten'] }])).toThrow(
      'a refers to forgotten, which nobody registers.',
    );
    const twice = { name: 'a', refersTo: [] };
    expect(() => removalOrder([twice, twice])).toThrow('registered twice');
  });
});
