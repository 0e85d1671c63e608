import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { programOf } from '../../support/run-process.js';

const run = promisify(execFile);

describe('12. dates, with processes at both ends of the world', () => {
  it.each([
    ['Pacific/Kiritimati', -14 * 60],
    ['Pacific/Pago_Pago', 11 * 60],
  ])('stay the same text after ten round trips in %s', async (timeZone, offset) => {
    const { stdout } = await run(
      process.execPath,
      [programOf(join('test', 'salesforce', 'task-sync', 'dates-round-trips.ts'))],
      { env: { ...process.env, TZ: timeZone, NODE_OPTIONS: '--no-warnings' }, timeout: 60_000 },
    );
    const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
      offset: number;
      days: string[];
      here: string[];
      there: string[];
    };
    expect(result.offset).toBe(offset);
    expect(result.here).toEqual(result.days);
    expect(result.there).toEqual(result.days);
  });
});
