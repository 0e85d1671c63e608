import { describe, expect, it } from '@jest/globals';
import {
  matchUsers,
  type OrgUser,
  reasonOf,
  type StoredMatch,
} from '../../../src/salesforce/connection/user-matching.js';

const ours = (id: string, email: string) => ({ id, email, name: id });
const theirs = (id: string, values: Partial<OrgUser>): OrgUser => ({
  id,
  username: `${id}@org.example`,
  email: `${id}@mail.example`,
  name: id,
  federationId: null,
  ...values,
});
const match = (...args: Parameters<typeof matchUsers>) =>
  matchUsers(...args).map(({ user, outcome, matchedBy, candidates }) => [
    user.id,
    outcome,
    matchedBy,
    candidates.map(({ id }) => id),
  ]);

describe('matching of users', () => {
  it('is by username, then email, then federation id, without regard to case', () => {
    const result = match(
      [ours('a', 'ann@acme.example'), ours('b', 'bob@acme.example'), ours('c', 'cy@acme.example')],
      [
        theirs('1', { username: 'Ann@acme.example' }),
        theirs('2', { email: 'BOB@acme.example' }),
        theirs('3', { federationId: 'cy@acme.example' }),
      ],
      [],
    );
    expect(result).toEqual([
      ['a', 'matched', 'username', ['1']],
      ['b', 'matched', 'email', ['2']],
      ['c', 'matched', 'federation_id', ['3']],
    ]);
  });

  it('a username goes before an email, whoever is asked first', () => {
    const users = [
      theirs('1', { username: 'bob@acme.example', email: 'ann@acme.example' }),
      theirs('2', { email: 'ann@acme.example' }),
    ];
    expect(match([ours('a', 'ann@acme.example'), ours('b', 'bob@acme.example')], users, [])).toEqual([
      ['a', 'matched', 'email', ['2']],
      ['b', 'matched', 'username', ['1']],
    ]);
  });

  it('several who fit equally well are reported, not guessed', () => {
    const users = [theirs('1', { email: 'ann@acme.example' }), theirs('2', { email: 'ann@acme.example' })];
    expect(match([ours('a', 'ann@acme.example')], users, [])).toEqual([['a', 'ambiguous', null, ['1', '2']]]);
  });

  it('one who is ambiguous by email may be sure by federation id', () => {
    const users = [
      theirs('1', { email: 'ann@acme.example' }),
      theirs('2', { email: 'ann@acme.example', federationId: 'ann@acme.example' }),
    ];
    expect(match([ours('a', 'ann@acme.example')], users, [])).toEqual([['a', 'matched', 'federation_id', ['2']]]);
  });

  it('knows the addresses of sandboxes', () => {
    const users = [theirs('1', { username: 'ann@acme.example.uat', email: 'ann@acme.example.invalid' })];
    expect(match([ours('a', 'ann@acme.example')], users, [])).toEqual([['a', 'matched', 'email', ['1']]]);
  });

  it('present matches stand, and their users are not given away', () => {
    const present: StoredMatch[] = [
      { userId: 'b', salesforceUserId: '1', salesforceUsername: 'x', matchedBy: 'admin' },
      { userId: 'c', salesforceUserId: '9', salesforceUsername: 'x', matchedBy: 'email' },
    ];
    const users = [theirs('1', { username: 'ann@acme.example' }), theirs('2', { username: 'bob@acme.example' })];
    const team = [ours('a', 'ann@acme.example'), ours('b', 'bob@acme.example'), ours('c', 'cy@acme.example')];
    const result = matchUsers(team, users, present);
    expect(result.map(({ outcome }) => outcome)).toEqual(['taken', 'kept', 'inactive']);
    expect(result[1]?.candidates).toMatchObject([{ id: '1' }]);
    expect(result.map(reasonOf)).toEqual([
      expect.stringContaining('somebody else'),
      'Chosen by an admin.',
      expect.stringContaining('no longer'),
    ]);
  });

  it('nobody fits', () => {
    expect(match([ours('a', 'ann@acme.example')], [theirs('1', { email: '', federationId: '' })], [])).toEqual([
      ['a', 'none', null, []],
    ]);
  });
});
