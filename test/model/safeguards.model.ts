import { describe, expect, it } from '@jest/globals';
import { ModelWorld } from './model-world.js';
import { playHistories } from './play.js';
import { SAFEGUARDS } from './safeguards.js';

/** The model is worth what it notices: without any one safeguard, some history of 500 goes wrong. */
describe('the random histories go wrong without', () => {
  it.each(SAFEGUARDS)(
    '%s',
    async (safeguard) => {
      const world = await ModelWorld.create(safeguard);
      try {
        const played = await playHistories(world, {
          runs: 500,
          seed: Number(process.env.MODEL_SEED ?? 1),
          shrinkMs: 0,
        });
        expect(played.failure).toBeDefined();
      } finally {
        await world.close();
      }
    },
    3_600_000,
  );
});
