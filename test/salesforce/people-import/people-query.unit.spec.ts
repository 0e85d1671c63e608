import { describe, expect, test } from '@jest/globals';
import {
  cellsOf,
  conditionOf,
  fits,
  pageSoql,
  type PeopleQuery,
  whereOf,
} from '../../../src/salesforce/people-import/people-query.js';

const OWNER = '005000000000001AAA';
const NO_CONDITIONS = { ownerId: null, listView: null };

describe('The condition', () => {
  test('takes in owner, list view and texts, each as it is meant', () => {
    const conditions = { ownerId: OWNER, listView: "A = 'x' OR B = 1", company: "O'Neil 100%_", title: '\\' };
    expect(whereOf('Contact', conditions)).toBe(
      `(A = 'x' OR B = 1) AND OwnerId = '${OWNER}' AND Account.Name LIKE '%O\\'Neil 100\\%\\_%' AND Title LIKE '%\\\\%'`,
    );
    expect(whereOf('Lead', { ...NO_CONDITIONS, createdSince: new Date('2026-01-02T03:04:05.678Z') })).toBe(
      'IsConverted = FALSE AND CreatedDate >= 2026-01-02T03:04:05Z',
    );
    expect(whereOf('Contact', NO_CONDITIONS)).toBe('');
  });

  test.each([
    ['SELECT Id FROM Lead ORDER BY Name', { mine: false, where: '' }],
    ['SELECT Id FROM Lead USING SCOPE mine WHERE A = 1 ORDER BY Id', { mine: true, where: 'A = 1' }],
    ["SELECT Id FROM Lead WHERE Name = ' order by ' ORDER BY Id", { mine: false, where: "Name = ' order by '" }],
    ['SELECT Id FROM Lead USING SCOPE team ORDER BY Id', undefined],
  ])('of the list view %s', (soql, condition) => {
    expect(conditionOf(soql)).toEqual(condition);
  });
});

test.each([
  [11_000, true],
  [12_100, false],
])('A condition of %i characters fits into a query: %s', (length, expected) => {
  expect(fits({ object: 'Lead', where: 'x'.repeat(length), extra: [] })).toBe(expected);
});

describe('A page', () => {
  const query: PeopleQuery = { object: 'Contact', where: 'A = 1', extra: ['Industry__c'] };

  test('asks for what can be seen, after the last one', () => {
    const soql = pageSoql(query, (field) => field !== 'Phone', '003000000000001AAA', 10);
    expect(soql).toContain('Account.Name, LeadSource, HasOptedOutOfEmail, Industry__c FROM Contact');
    expect(soql).not.toContain('Phone');
    expect(soql).toMatch(/ WHERE A = 1 AND Id > '003000000000001AAA' ORDER BY Id LIMIT 10$/);
  });

  test('becomes cells in the order of the columns; what is not there is empty', () => {
    const record = {
      Id: 'x',
      LastName: 'Lee\0',
      Account: { Name: 'Acme' },
      LeadSource: 'Web',
      HasOptedOutOfEmail: true,
      Industry__c: 7,
    };
    expect(cellsOf(query, record)).toEqual(['x', '', 'Lee', '', '', '', 'Acme', 'Web', 'true', '7']);
  });
});
