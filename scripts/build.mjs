// Builds dist/ when a source is newer than the last build, so that `npm start` is quick the second time.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const root = join(import.meta.dirname, '..');
const stamp = join(root, 'dist', '.built');
const generated = join(root, 'src', 'metadata.ts');
const schema = join(root, 'src', 'web', 'api', 'schema.d.ts');

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return path === generated || path === schema ? 0 : stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

// The page is typed by the API's document, so that a changed API is a page that does not compile.
const inputs = ['src', 'package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];
const pageInputs = ['src/web', 'openapi.json', 'vite.config.ts'];
const isStale = () => {
  const builtAt = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  return [...inputs, ...pageInputs].some((input) => newest(join(root, input)) > builtAt);
};
const run = (program, ...args) =>
  execFileSync(process.execPath, [join(root, 'node_modules', program), ...args], { cwd: root, stdio: 'inherit' });

// Two starts at once build one after the other; the second finds it done. The lock of a killed build is taken over.
const lock = join(root, 'node_modules', '.command-center-build');
async function locked(work) {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch {
      const holder = Number(existsSync(lock) ? readFileSync(lock, 'utf8') : 0);
      if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true });
      await delay(200);
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const force = process.argv.includes('--force');
if (force || isStale()) {
  await locked(() => {
    if (!force && !isStale()) return;
    const began = Date.now() / 1000;
    // A stale metadata.ts that names a deleted file breaks the next build.
    rmSync(generated, { force: true });
    run('@nestjs/cli/bin/nest.js', 'build');
    run('openapi-typescript/bin/cli.js', 'openapi.json', '--output', 'src/web/api/schema.d.ts');
    run('vite/bin/vite.js', 'build', '--logLevel', 'warn');
    writeFileSync(stamp, '');
    // What was changed while it ran is not in it.
    utimesSync(stamp, began, began);
  });
}
