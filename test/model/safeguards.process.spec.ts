import { describe, expect, it } from '@jest/globals';
import { played } from './played.js';
import { SAFEGUARDS, type Safeguard } from './safeguards.js';

/** Seeds whose histories need a safeguard early on; with others the rare ones take a hundred and more. */
const SEEDS: Record<Safeguard, number> = {
  sent: 6,
  key: 5,
  overlap: 6,
  'lock order': 6,
  'lease check': 10,
  'read before write': 6,
  'enrol first': 5,
  'settle first': 5,
};

describe('the model itself, against a product that lacks a safeguard', () => {
  it.each(SAFEGUARDS)(
    'notices within 500 histories that it is without %s',
    async (safeguard) => {
      const { code, printed } = await played('--without', safeguard, '--seed', String(SEEDS[safeguard]));
      expect(printed).toMatch(new RegExp(`^without ${safeguard}: noticed in \\d+ histories: `));
      expect(code).toBe(0);
    },
    3_600_000,
  );
});
