// Compiles sources into a folder of this run's own and works there: the measured processes run plain JavaScript, as in
// production, with no compiler in their memory.
import { transformFile } from '@swc/core';
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const sandbox = join(root, '.sandbox');

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

async function compile(folder, out) {
  const paths = await readdir(join(root, folder), { recursive: true });
  const sources = paths.filter((name) => name.endsWith('.ts') && !name.startsWith('web'));
  const one = async (path) => {
    const { code } = await transformFile(join(root, folder, path), swc);
    const target = join(out, folder, path.replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, code);
  };
  await Promise.all(sources.map(one));
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
    const pid = Number(/^compiled-(\d+)$/.exec(name)?.[1]);
    if (pid && !isAlive(pid)) await rm(join(sandbox, name), { recursive: true, force: true });
  }
}

/** The folder that now holds src/ and the given folders, compiled: this process's own, until it is removed. */
export async function compiled(folders) {
  const out = join(sandbox, `compiled-${process.pid}`);
  await mkdir(out, { recursive: true });
  await removeLeftOvers();
  for (const folder of ['src', ...folders]) await compile(folder, out);
  // Programs read their version from it.
  await copyFile(join(root, 'package.json'), join(out, 'package.json'));
  return { out, remove: () => rm(out, { recursive: true, force: true }) };
}

/** Runs `work` with such a folder; it is removed afterwards. */
export async function withCompiled(folders, work) {
  const { out, remove } = await compiled(folders);
  try {
    return await work(out);
  } finally {
    await remove();
  }
}
