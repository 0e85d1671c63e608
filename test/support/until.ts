import { setTimeout as delay } from 'node:timers/promises';

/** Waits until the condition holds; asks again every few milliseconds. Instead of sleeping. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${condition.toString()}`);
    await delay(5);
  }
}
