import { expect, it } from '@jest/globals';
import { played } from './played.js';

it('300 random histories of people, faults and crashes lose and double nothing', async () => {
  const { code, printed } = await played('--runs', '300', '--seed', '8');
  // Without the table of what was hit: what went wrong, and how to play it again.
  expect({ code, said: code === 0 ? '' : printed.slice(printed.indexOf('fewest:')) }).toEqual({ code: 0, said: '' });
  expect(printed).toContain('300 histories of seed 8');
}, 3_600_000);
