import { expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** In processes of their own, as `npm run test:model` plays them. */
it('random histories of people, faults and crashes lose and double nothing', async () => {
  const args = [join('test', 'model', 'run.mjs'), '--runs', '60', '--seed', '8', '--players', '1'];
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '' } });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  child.stderr.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  // Without the table of what was hit: what went wrong, and how to play it again.
  expect({ code, said: code === 0 ? '' : printed.slice(printed.indexOf('fewest:')) }).toEqual({ code: 0, said: '' });
  expect(printed).toContain('60 histories of seed 8');
}, 600_000);
