import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { transformFile } from '@swc/core';

const PROJECT = resolve(import.meta.dirname, '..', '..', '..');
const SOURCES = join(PROJECT, 'src');

/** The programs as they are now, compiled into a folder of their own: `dist/` may be stale, missing, or being built. */
export async function buildPrograms(): Promise<{ start: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'command-center-built-'));
  for (const name of ['package.json', 'tsconfig.json']) cpSync(join(PROJECT, name), join(folder, name));
  symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  const redis = join(PROJECT, '.sandbox', 'redis');
  mkdirSync(join(folder, '.sandbox'));
  if (existsSync(redis)) symlinkSync(redis, join(folder, '.sandbox', 'redis'));
  const all = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
  // metadata.ts is what a build left behind: it may name what is no longer there. It serves the documentation alone.
  const files = all.filter((name) => name.endsWith('.ts') && name !== 'metadata.ts');
  await Promise.all(files.map((name) => compile(join(SOURCES, name), join(folder, 'dist'))));
  writeFileSync(join(folder, 'dist', 'metadata.js'), 'export default async () => ({});\n');
  return { start: join(folder, 'dist', 'start.js'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function compile(source: string, target: string): Promise<void> {
  const { code } = await transformFile(source, {
    swcrc: false,
    jsc: {
      target: 'es2023',
      keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
    module: { type: 'nodenext' },
  });
  const file = join(target, relative(SOURCES, source).replace(/\.ts$/, '.js'));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code);
}
