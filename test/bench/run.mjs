// npm run bench -- NAME [options]
//
// Compiles the sources and the benchmarks into a folder of this run's own and starts them there: the measured
// processes run plain JavaScript, as in production, with no compiler in their memory.
import { transformFile } from '@swc/core';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..', '..');
const sandbox = join(root, '.sandbox');
const out = join(sandbox, `bench-${process.pid}`);

// The same as `nest build` gives it.
const swc = {
  swcrc: false,
  module: { type: 'es6' },
  sourceMaps: 'inline',
  jsc: {
    target: 'es2022',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
};

async function compile(folder) {
  const paths = await readdir(join(root, folder), { recursive: true });
  for (const path of paths.filter((name) => name.endsWith('.ts') && !name.startsWith('web'))) {
    const { code } = await transformFile(join(root, folder, path), swc);
    const target = join(out, folder, path.replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, code);
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

/** Folders of runs that were killed. */
async function removeLeftOvers() {
  for (const name of await readdir(sandbox)) {
    const pid = Number(/^bench-(\d+)$/.exec(name)?.[1]);
    if (pid && !isAlive(pid)) await rm(join(sandbox, name), { recursive: true, force: true });
  }
}

await mkdir(out, { recursive: true });
try {
  await removeLeftOvers();
  await compile('src');
  await compile(join('test', 'bench'));
  const { main } = await import(pathToFileURL(join(out, 'test', 'bench', 'main.js')).href);
  process.exitCode = await main(process.argv.slice(2));
} finally {
  await rm(out, { recursive: true, force: true });
}
