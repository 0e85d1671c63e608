import { describe, expect, it } from '@jest/globals';
import { additionWords, removalWords } from '../../src/web/people/group-words';
import { exportAddress, parseQuery, searchOf } from '../../src/web/people/people-query';
import { aligned, bodyOf, fieldName, fieldWords } from '../../src/web/people/person-draft';
import { rebased } from '../../src/web/ui/rebase';

describe('the address of the People page', () => {
  it('says what is shown, and is read as it was written', () => {
    const query = { q: 'grace & co', group: 'g1', person: 'p1' };
    expect(parseQuery(searchOf(query))).toEqual(query);
    expect(searchOf({ q: '', group: undefined, person: undefined })).toBe('');
  });

  it('exports what is shown, whoever is open', () => {
    expect(exportAddress({ q: 'a b', group: 'g1', person: 'p1' })).toBe('/v1/people-export?q=a+b&group_id=g1');
  });
});

describe('editing a person', () => {
  it('sends only what was changed: emptied fields as null, own fields by their names', () => {
    const [before, after] = aligned(
      { name: 'Grace', title: 'Buyer', shared: '', 'custom.gone': 'x', 'custom.same': 'y' },
      { name: 'Grace', title: ' ', shared: 'yes', 'custom.same': 'y', 'custom.new': 'z' },
    );
    expect(bodyOf(before, after)).toEqual({ title: null, shared: true, custom: { gone: null, new: 'z' } });
    expect(bodyOf(before, before)).toEqual({});
  });

  it('keeps one’s own field when somebody else adds another, and sees a clash in one that both wrote', () => {
    const [base, mine] = aligned({ name: 'Grace' }, { name: 'Grace', 'custom.a': 'mine' });
    const theirs = aligned({ name: 'Grace H.', 'custom.a': '', 'custom.b': 'theirs' }, mine)[0];
    const quiet = rebased(aligned(base, theirs)[0], aligned(mine, theirs)[0], theirs);
    expect(quiet).toEqual({ draft: { name: 'Grace H.', 'custom.a': 'mine', 'custom.b': 'theirs' }, clashes: [] });
    const loud = rebased(base, mine, { name: 'Grace', 'custom.a': 'theirs' });
    expect(loud.clashes).toEqual(['custom.a']);
  });

  it('makes a name of what one types, where there is one in it', () => {
    expect(fieldName('Contract end')).toBe('contract_end');
    expect(fieldName(' 2nd Größe ')).toBe('nd_gr_e');
    expect(fieldName('42')).toBeUndefined();
    expect(fieldName('a'.repeat(41))).toBeUndefined();
  });

  it('names the fields of a clash', () => {
    expect(fieldWords(['title', 'custom.industry'])).toBe('the title and industry');
  });
});

describe('what is said of groups', () => {
  it('counts over all calls', () => {
    const parts = [
      { added: 1_000, already: 0, not_found: [] },
      { added: 3, already: 1, not_found: ['x', 'y'] },
    ];
    expect(additionWords('Fair', parts)).toBe(
      '1,003 people added to Fair; 1 person was in it before; 2 people you do not see any more.',
    );
    expect(additionWords('Fair', [{ added: 0, already: 2, not_found: [] }])).toBe(
      'Nobody was added to Fair; 2 people were in it before.',
    );
    expect(removalWords('Fair', [{ removed: 1, absent: 0 }])).toBe('1 person removed from Fair.');
  });
});
