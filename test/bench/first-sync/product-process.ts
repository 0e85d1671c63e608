import { Quiescence } from '../../../src/platform/pipelines/quiescence.js';
import { EnrolmentService } from '../../../src/salesforce/task-sync/enrolment.service.js';
import { Runs } from '../../../src/salesforce/task-sync/runs.repository.js';
import { childMain } from '../support/child.js';
import { DRAIN_MS, type ProductInput, startProduct } from '../support/product.js';

export interface ProductOutput {
  seconds: number;
  /** After the first page was stored, and how many tasks that were. */
  secondsAfterFirst: number;
  tasksAfterFirst: number;
}

childMain(async (input: ProductInput): Promise<ProductOutput> => {
  const app = await startProduct(input);
  const pages = watchPages(app.get(Runs, { strict: false }));
  const { teamId, userIds } = input.team;

  const started = performance.now();
  await app
    .get(EnrolmentService, { strict: false })
    .change(teamId, { userIds, enabled: true, scope: 'all' }, { admin: 'operator' });
  const resting = await app.get(Quiescence, { strict: false }).drainAllDue(DRAIN_MS);
  const ended = performance.now();

  if (resting[0]) throw new Error(`The sync rests after a failure: ${resting[0].error}`);
  await app.close();
  const [first, last] = [pages.find(({ done }) => done > 0), pages.at(-1)];
  if (!first || !last) throw new Error('No page was stored.');
  return {
    seconds: (ended - started) / 1000,
    secondsAfterFirst: (last.at - first.at) / 1000,
    tasksAfterFirst: last.done - first.done,
  };
});

/** When each page was stored: its progress is the last that is written of it. */
function watchPages(runs: Runs): { done: number; at: number }[] {
  const pages: { done: number; at: number }[] = [];
  const progress = runs.progress.bind(runs);
  runs.progress = async (tx, teamId, id, values) => {
    await progress(tx, teamId, id, values);
    pages.push({ done: values.done, at: performance.now() });
  };
  return pages;
}
