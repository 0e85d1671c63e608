import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ModelWorld } from './model-world.js';
import { playHistories } from './play.js';

let world: ModelWorld;
beforeAll(async () => {
  world = await ModelWorld.create();
}, 120_000);
afterAll(() => world.close());

it('loses and doubles nothing in random histories of people, faults and crashes', async () => {
  const played = await playHistories(world, { runs: 30, seed: 3, shrinkMs: 30_000 });
  expect(played.failure).toBeUndefined();
}, 400_000);
