import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** Plays histories in processes of their own, as `npm run test:model` does, on one core: others need the other. */
export async function played(...args: string[]): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, [join('test', 'model', 'run.mjs'), '--players', '1', ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  child.stderr.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, printed };
}
