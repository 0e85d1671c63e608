import { expect, it } from '@jest/globals';
import { Coverage } from './coverage.js';
import { ModelWorld } from './model-world.js';
import { playHistories } from './play.js';

const { MODEL_RUNS = '300', MODEL_SEED = '1', MODEL_PATH } = process.env;

/** The long run: `npm run test:model`. MODEL_RUNS, MODEL_SEED and, to play one history again, MODEL_PATH. */
it(
  'loses and doubles nothing in a long run of random histories',
  async () => {
    const world = await ModelWorld.create();
    const coverage = new Coverage();
    try {
      const options = {
        runs: Number(MODEL_RUNS),
        seed: Number(MODEL_SEED),
        path: MODEL_PATH,
        shrinkMs: 120_000,
        coverage,
      };
      const played = await playHistories(world, options);
      process.stdout.write(
        `${coverage.table()}\n${played.histories} histories, ${played.unavoidable} edits unavoidable\n`,
      );
      expect(played.failure).toBeUndefined();
    } finally {
      await world.close();
    }
  },
  24 * 3_600_000,
);
