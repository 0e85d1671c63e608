import { describe, expect, test } from '@jest/globals';
import { isImportField, readRow } from '../../../src/command-center/people/imports/import-mapping.js';

const headers = ['Name', 'Mail', 'First', 'Last', 'Zone', 'Branch', 'Ignored'];
const mapping = {
  ...({ Name: 'name', Mail: 'email', First: 'first_name', Last: 'last_name' } as const),
  ...({ Zone: 'time_zone', Branch: 'custom.industry' } as const),
};
const read = (...cells: string[]) => readRow(headers, mapping, cells);

describe('a row of a file', () => {
  test('is a person; empty cells and columns that nobody named say nothing', () => {
    const row = read(' Grace ', 'GRACE@Example.com', '', '', '', 'Shipping', 'x');
    expect(row).toMatchObject({
      values: { name: 'Grace', email: 'grace@example.com', custom: { industry: 'Shipping' } },
      given: { name: 'Grace', custom: { industry: 'Shipping' } },
    });
    expect(row).not.toHaveProperty('values.first_name', '');
  });

  test('without a name is called by its parts, or its address, which change nobody’s name', () => {
    expect(read('', '', 'Grace', 'Harper')).toMatchObject({ values: { name: 'Grace Harper' } });
    const row = read('', 'a@example.com');
    expect(row).toMatchObject({ values: { name: 'a@example.com' } });
    expect(row).not.toHaveProperty('given.name');
  });

  test.each([
    [['', '', '', '', '', 'x'], /no name/],
    [[], /no name/],
    [['Grace', 'none'], /email address/],
    [['Grace', '', '', '', 'Mars/Olympus'], /time zone/],
    [['x'.repeat(201)], /name/],
  ])('is refused as the API would: %#', (cells, reason) => {
    expect(read(...cells)).toEqual({ refused: expect.stringMatching(reason), optOut: null });
  });

  test.each([
    ['yes', '00Q5g00000AbCdE', { email: 'grace@example.com', record: { id: '00Q5g00000AbCdEEAV', kind: 'lead' } }],
    ['yes', '', { email: 'grace@example.com', record: null }],
    ['yes', 'none', { email: 'grace@example.com', record: null }],
    ['no', '', null],
    ['', '', null],
    ['perhaps', '', null],
  ])('that is refused still says who wants no emails: %j, %j', (wish, id, optOut) => {
    const more = { ...mapping, Wish: 'unsubscribed', Id: 'salesforce_id' } as const;
    const cells = ['x'.repeat(201), 'GRACE@example.com', '', '', '', '', '', wish, id];
    expect(readRow([...headers, 'Wish', 'Id'], more, cells)).toEqual({ refused: expect.any(String), optOut });
  });
});

test.each([
  ['email', true],
  ['custom.industry', true],
  ['custom.Industry', false],
  ['custom.', false],
  ['owner_id', false],
  ['shared', false],
  [1, false],
])('%j is a field of an import: %j', (field, is) => {
  expect(isImportField(field)).toBe(is);
});
