// Starts the suite's own Postgres and Redis, in a process that ends when this one does, and compiles once what tests
// start as processes of their own: a compiler in each of them would take longer than what it does.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { installChromium } from './chromium.mjs';
import { compiled } from './compiled.mjs';

const root = join(import.meta.dirname, '..', '..');

export default async function globalSetup() {
  const programs = await compiled([join('test', 'support'), join('test', 'salesforce', 'task-sync')]);
  globalThis.testPrograms = programs;
  const child = spawn(
    process.execPath,
    [join(programs.out, 'test', 'support', 'servers.js'), join(root, '.sandbox', 'redis')],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } },
  );
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`The test servers did not start (exit ${code}).`)));
  });
  const { postgresUrl, redisUrl } = JSON.parse(line);
  process.env.TEST_POSTGRES_URL = postgresUrl;
  process.env.TEST_REDIS_URL = redisUrl;
  process.env.TEST_RUN = String(process.pid);
  process.env.TEST_PROGRAMS = programs.out;
  process.env.TEST_CHROMIUM = chromium();
  globalThis.testServers = child;
}

/** Empty where there is none: its tests are skipped, and say so; never in CI. */
function chromium() {
  const path = installChromium() ?? '';
  if (path === '' && process.env.CI) throw new Error('CI needs Chromium, and it could not be installed.');
  return path;
}
