// The floor of an idle cycle: one poll of the org that finds nothing, and nothing else.

import { BareOrg } from '../support/bare-org.js';
import { childMain } from '../support/child.js';
import { median } from '../support/options.js';

const WARM_UP = 10;

childMain(async (input: { orgUrl: string; cycles: number }) => {
  const org = new BareOrg(input.orgUrl);
  const seconds: number[] = [];
  for (let cycle = 0; cycle < WARM_UP + input.cycles; cycle++) {
    const since = `${new Date(Date.now() - 60_000).toISOString().slice(0, 19)}Z`;
    const started = performance.now();
    await org.queryAll(`SELECT Id FROM Task WHERE SystemModstamp >= ${since} ORDER BY SystemModstamp, Id LIMIT 2000`);
    seconds.push((performance.now() - started) / 1000);
  }
  return { seconds: median(seconds.slice(WARM_UP)) };
});
