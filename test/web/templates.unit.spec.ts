import { describe, expect, it } from '@jest/globals';
import { bodyOf, EMPTY, fieldWords } from '../../src/web/templates/template-draft';
import { parseQuery, searchOf } from '../../src/web/templates/template-query';

describe('the address of the Templates page', () => {
  it('says what is shown, and is read as it was written', () => {
    const query = { list: 'favourites' as const, category: 'R & D', q: 'first contact' };
    expect(parseQuery(searchOf(query))).toEqual(query);
    expect(searchOf({ list: 'all', category: undefined, q: '' })).toBe('');
  });

  it('shows all where it names a list that is none', () => {
    expect(parseQuery('?list=everything').list).toBe('all');
  });
});

describe('editing a template', () => {
  it('sends only what was changed: flags as such, an emptied category as none', () => {
    const before = { ...EMPTY, name: 'A', category: 'Outreach' };
    expect(bodyOf(before, before)).toEqual({});
    expect(bodyOf(before, { ...before, category: ' ', shared: 'yes', commercial: '', body: '\n' })).toEqual({
      category: null,
      shared: true,
      commercial: false,
      body: '\n',
    });
  });

  it('names the fields of a clash', () => {
    expect(fieldWords(['body', 'locked'])).toBe('the text and the lock');
  });
});
