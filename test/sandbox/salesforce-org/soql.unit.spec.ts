import { describe, expect, it } from '@jest/globals';
import { Catalogue } from '../../../src/sandbox/salesforce-org/objects/catalogue.js';
import { compile } from '../../../src/sandbox/salesforce-org/soql/compile.js';
import type { Compiled } from '../../../src/sandbox/salesforce-org/soql/compile.js';

const user = {
  id: '0055g0000000001AAA',
  name: 'Integration User',
  username: 'i@x.example',
  timeZone: 'UTC',
  isActive: true,
  viewAllData: true,
};

const context = {
  catalogue: new Catalogue([], [], []),
  user,
  now: new Date('2026-03-18T12:00:00Z'),
  includeDeleted: true,
};

const where = (condition: string): Compiled => compile(`SELECT Id FROM Task WHERE ${condition}`, context);

describe('SOQL to SQL', () => {
  it('keeps every value out of the text', () => {
    const { where: sql, params } = where(String.raw`Subject = 'a\'; DROP TABLE sf_task; --' AND Status IN ('x', 'Y')`);
    expect(sql).toBe('((lower(t.subject) = lower($1::text)) AND (lower(t.status) = ANY($2::text[])))');
    expect(params).toEqual(["a'; DROP TABLE sf_task; --", ['x', 'y']]);
  });

  it('nests as the parentheses say, and makes tests under NOT two-valued', () => {
    const { where: sql } = where(
      `(IsClosed = false OR (NOT (Priority = 'High' OR WhoId = null))) AND IsDeleted = false`,
    );
    expect(sql).toBe(
      '(((t.is_closed = $1::boolean) OR (NOT (((lower(t.priority) = lower($2::text)) IS TRUE) OR ' +
        '((t.who_id IS NULL) IS TRUE)))) AND (t.is_deleted = $3::boolean))',
    );
  });

  it('says the lower bound of a page by position explicitly', () => {
    const soql =
      'SELECT Id FROM Task WHERE SystemModstamp > 2026-01-01T00:00:00Z ' +
      "OR (SystemModstamp = 2026-01-01T00:00:00Z AND Id > '00T5g0000000001') ORDER BY SystemModstamp, Id";
    const { where: sql, orderBy } = compile(soql, context);
    expect(sql.endsWith('AND (t.system_modstamp >= $4::timestamptz)')).toBe(true);
    expect(orderBy).toBe('t.system_modstamp, t.id');
  });

  it('compares stamps in whole seconds', () => {
    expect(where('SystemModstamp > 2026-01-01T00:00:00.900Z').params).toEqual([new Date('2026-01-01T00:00:00Z')]);
  });

  it.each([
    ['a text without quotes', 'Subject = 5', 'INVALID_FIELD'],
    ['a date where a time is wanted', 'CreatedDate > 2026-01-01', 'INVALID_FIELD'],
    [
      'AND and OR mixed without parentheses',
      'IsClosed = true AND IsDeleted = true OR IsArchived = true',
      'MALFORMED_QUERY',
    ],
    ['LIKE on an id', "Id LIKE '00T%'", 'INVALID_FIELD'],
    ['a filter on a long text', "Description = 'x'", 'INVALID_FIELD'],
    ['an unknown field', "Nonsense__c = 'x'", 'INVALID_FIELD'],
    ['an unknown relationship', "Boss.Name = 'x'", 'INVALID_TYPE'],
    ['no id', "OwnerId = 'me'", 'INVALID_QUERY_FILTER_OPERATOR'],
    ['half a condition', 'Subject =', 'MALFORMED_QUERY'],
    ['a parenthesis too many', "(Subject = 'x'))", 'MALFORMED_QUERY'],
    ['a day that does not exist', 'ActivityDate = 2026-02-30', 'MALFORMED_QUERY'],
  ])('refuses %s', (_, condition, errorCode) => {
    expect(() => where(condition)).toThrow(expect.objectContaining({ errorCode }));
  });

  it('refuses a large OFFSET, and a text longer than 100,000 characters', () => {
    expect(() => compile('SELECT Id FROM Task LIMIT 10 OFFSET 2001', context)).toThrow(
      expect.objectContaining({ errorCode: 'NUMBER_OUTSIDE_VALID_RANGE' }),
    );
    expect(() => where(`Subject = '${'x'.repeat(100_000)}'`)).toThrow(
      expect.objectContaining({ errorCode: 'MALFORMED_QUERY' }),
    );
  });

  it('points at the place of an error', () => {
    expect(() => compile('SELECT Id, Foo FROM Task', context)).toThrow(
      "\nSELECT Id, Foo FROM Task\n           ^\nERROR at Row:1:Column:12\nNo such column 'Foo' on entity 'Task'.",
    );
  });
});
