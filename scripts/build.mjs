// Builds dist/ when a source is newer than the last build, so that `npm start` is quick the second time.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stamp = join(root, 'dist', '.built');
const generated = join(root, 'src', 'metadata.ts');

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return path === generated ? 0 : stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const inputs = ['src', 'package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];
const builtAt = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
const changed = inputs.some((input) => newest(join(root, input)) > builtAt);

if (changed || process.argv.includes('--force')) {
  // A stale metadata.ts that names a deleted file breaks the next build.
  rmSync(generated, { force: true });
  execFileSync(process.execPath, [join(root, 'node_modules/@nestjs/cli/bin/nest.js'), 'build'], {
    cwd: root,
    stdio: 'inherit',
  });
  writeFileSync(stamp, '');
}
