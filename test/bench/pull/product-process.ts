import { Quiescence } from '../../../src/platform/pipelines/quiescence.js';
import { childMain } from '../support/child.js';
import { DRAIN_MS, type ProductInput, startProduct } from '../support/product.js';

childMain(async (input: ProductInput) => {
  const app = await startProduct(input);
  const started = performance.now();
  const [resting] = await app.get(Quiescence, { strict: false }).drainAllDue(DRAIN_MS);
  const seconds = (performance.now() - started) / 1000;
  if (resting) throw new Error(`The pull rests after a failure: ${resting.error}`);
  await app.close();
  return { seconds };
});
