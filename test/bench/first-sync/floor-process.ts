import { childMain } from '../support/child.js';
import { firstSyncFloor, type FloorInput } from './floor.js';

childMain(async (input: FloorInput) => {
  const started = performance.now();
  await firstSyncFloor(input);
  return { seconds: (performance.now() - started) / 1000 };
});
