import { describe, expect, it } from '@jest/globals';
import { delimiterOf, firstLines } from '../../src/web/people/import/csv-head';
import { reportLines } from '../../src/web/people/import/report-lines';
import { choicesFor, chosenColumns, columnsProblem, suggested } from '../../src/web/people/import/suggest';

describe('the beginning of a CSV file', () => {
  it('tells what stands between the columns, whatever quoted headers have', () => {
    expect(delimiterOf('a;b;c\n1,2,3,4,5')).toBe('semicolon');
    expect(delimiterOf('"a;b;c",d')).toBe('comma');
    expect(delimiterOf('a\tb')).toBe('tab');
    expect(delimiterOf('only')).toBe('comma');
  });

  it('is read as the server reads it: quotes, breaks in them, a mark at the beginning, empty lines', () => {
    const text = '\uFEFFName,Note\r\n\r\n"Ann ""A"" Lee","two\nlines"\r\nBob,\r\n';
    expect(firstLines(text, 'comma', 9, true)).toEqual([
      ['Name', 'Note'],
      ['Ann "A" Lee', 'two\nlines'],
      ['Bob', ''],
    ]);
  });

  it('leaves out a last line that was cut, and has one that only lacks its break', () => {
    expect(firstLines('a,b\n1,2\n3', 'comma', 9, false)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
    expect(firstLines('a,b\n1,2', 'comma', 9, true)).toHaveLength(2);
    expect(firstLines('a\n1\n2\n3\n', 'comma', 2, true)).toEqual([['a'], ['1']]);
  });
});

describe('what columns are', () => {
  it('is suggested by their headers, each field once', () => {
    expect(suggested(['E-Mail', 'Vorname', 'Firma', 'Prénom', 'Branch', ''])).toEqual({
      'E-Mail': 'email',
      Vorname: 'first_name',
      Firma: 'company',
      Prénom: '',
      Branch: '',
    });
  });

  it('can be a field of one’s own, named by the header', () => {
    const own = choicesFor('Contract end', '').at(-1);
    expect(own).toEqual({ value: 'custom.contract_end', label: 'Own field contract_end' });
    expect(choicesFor('42', '').some(({ value }) => value.startsWith('custom.'))).toBe(false);
    expect(choicesFor('Other', 'custom.x').map(({ value }) => value)).toContain('custom.x');
  });

  it('must have a name or an address, and each field once', () => {
    expect(columnsProblem({ a: 'company' })).toBe('Say which column is the name or the email address.');
    expect(columnsProblem({ a: 'email', b: 'email' })).toBe('Two columns are Email address: leave one of them out.');
    expect(columnsProblem({ a: 'email', b: '', c: '' })).toBeUndefined();
    expect(chosenColumns({ a: 'email', b: '' })).toEqual({ a: 'email' });
  });
});

describe('the report', () => {
  it('is CSV that no spreadsheet runs', () => {
    const rows = [
      { row: 1, outcome: 'created' as const, reason: null, person_id: 'p' },
      { row: 2, outcome: 'refused' as const, reason: '=x, "y"', person_id: null },
    ];
    expect(reportLines(rows)).toBe('row,outcome,reason,person_id\r\n1,created,,p\r\n2,refused,"\'=x, ""y""",\r\n');
  });
});
