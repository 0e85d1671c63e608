import { expect, test } from '@jest/globals';
import { longSalesforceId, personKindOf } from '../../../src/command-center/people/salesforce-id.js';

test.each([
  ['0035g00000abcde', '0035g00000abcdeAAA'],
  // The example of Salesforce's own documentation.
  ['001A0000006Vm9u', '001A0000006Vm9uIAC'],
  ['001A0000006Vm9uIAC', '001A0000006Vm9uIAC'],
  ['001A0000006Vm9uAAA', undefined],
  ['0035g00000abcd', undefined],
  ['0035g00000abc;e', undefined],
])('%s in its long form is %s', (text, expected) => {
  expect(longSalesforceId(text)).toBe(expected);
});

test('an id begins with what it is', () => {
  expect(personKindOf('003A0000006Vm9uIAC')).toBe('contact');
  expect(personKindOf('00QA0000006Vm9uIAC')).toBe('lead');
  expect(personKindOf('001A0000006Vm9uIAC')).toBeUndefined();
});
