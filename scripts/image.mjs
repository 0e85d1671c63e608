// npm run image: builds the container image where an engine runs; elsewhere says so and checks the files that make it.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const run = (command, args) => execFileSync(command, args, { cwd: root, stdio: 'inherit' });

const engine = ['docker', 'podman'].find((name) => spawnSync(name, ['info'], { stdio: 'ignore' }).status === 0);
if (engine) {
  run(engine, ['build', '--tag', `command-center:${version}`, '.']);
} else {
  console.log('No container engine runs here: the Dockerfile and compose.yaml are checked, not built.');
  const jest = ['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js')];
  run(process.execPath, [...jest, 'test/deploy']);
}
