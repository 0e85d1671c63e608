import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ModelWorld } from './model-world.js';
import { playHistories } from './play.js';

let world: ModelWorld;
beforeAll(async () => {
  world = await ModelWorld.create();
});
afterAll(() => world.close());

it('loses and doubles nothing in 150 random histories', async () => {
  const runs = Number(process.env.MODEL_RUNS ?? 150);
  const played = await playHistories(world, {
    runs,
    seed: Number(process.env.MODEL_SEED ?? 1),
    path: process.env.MODEL_PATH,
    shrinkMs: Number(process.env.MODEL_SHRINK ?? 0),
  });
  console.log(played.histories, played.unavoidable);
  expect(played.failure).toBeUndefined();
}, 3_600_000);
