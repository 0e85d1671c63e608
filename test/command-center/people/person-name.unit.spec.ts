import { expect, test } from '@jest/globals';
import { splitName } from '../../../src/command-center/people/person-name.js';

test.each([
  ['Grace Harper', 'Grace', 'Harper'],
  ['  Ann  Marie Berg ', 'Ann', 'Marie Berg'],
  ['Grace', 'Grace', ''],
  ['grace@example.com', '', ''],
  ['', '', ''],
])('%j is split into %j and %j', (name, first, last) => {
  expect(splitName(name)).toEqual({ first, last });
});
