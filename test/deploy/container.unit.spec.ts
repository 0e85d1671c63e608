import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeVariables } from '../../src/config/describe.js';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Instruction {
  word: string;
  text: string;
}

/** The Dockerfile's instructions, continued lines joined. */
const instructions: Instruction[] = read('Dockerfile')
  .replace(/^\s*#.*$/gm, '')
  .replace(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => ({ word: line.split(' ', 1).join(), text: line.slice(line.indexOf(' ') + 1).trim() }));
const lastStage = instructions.slice(instructions.findLastIndex(({ word }) => word === 'FROM'));

describe('the image', () => {
  it('stands on a named version, and its processes are not root', () => {
    for (const { text } of instructions.filter(({ word }) => word === 'FROM')) {
      expect(text).toMatch(/^node:20[\w.-]*slim( AS \w+)?$/);
    }
    const user = lastStage.findLast(({ word }) => word === 'USER');
    expect(user?.text).toBe('node');
    const after = lastStage.slice(lastStage.findIndex(({ word }) => word === 'USER'));
    expect(after.map(({ word }) => word)).toEqual(['USER', 'EXPOSE', 'HEALTHCHECK', 'STOPSIGNAL', 'CMD']);
  });

  it('copies what is there and what the context has', () => {
    const [all, ...allowed] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#') && (line.startsWith('!') || line === '*'));
    expect(all).toBe('*');
    const context = new Set(allowed.map((line) => line.slice(1)));
    const sources = instructions
      .filter(({ word, text }) => word === 'COPY' && !text.startsWith('--from'))
      .flatMap(({ text }) => text.split(/\s+/).slice(0, -1))
      .map((source) => source.replace(/^\.\//, ''))
      // A pattern may match nothing.
      .filter((source) => !source.includes('['));
    expect(sources.length).toBeGreaterThan(5);
    for (const source of sources) {
      expect([source, existsSync(join(root, source)), context.has(source)]).toEqual([source, true, true]);
    }
    // No secret and no dependency of this machine can get in.
    for (const path of ['node_modules', '.git', 'deploy', '.env'])
      expect([path, context.has(path)]).toEqual([path, false]);
  });

  it('installs no development dependencies, and starts what the build makes', () => {
    const installs = instructions.filter(({ text }) => text.includes('npm ci')).map(({ text }) => text);
    expect(installs).toHaveLength(2);
    expect(installs[1]).toContain('--omit=dev');
    const modules = lastStage.find(({ text }) => text.includes('node_modules'));
    expect(modules?.text).toContain('--from=dependencies');
    const command = JSON.parse(lastStage.at(-1)?.text ?? '[]') as string[];
    expect(command).toEqual(['node', 'dist/main.js']);
    for (const program of ['main', 'cli']) expect(existsSync(join(root, 'src', `${program}.ts`))).toBe(true);
  });
});

describe('compose.yaml', () => {
  it('has nothing to object to', () => {
    const dclint = join(root, 'node_modules/dclint/bin/dclint.cjs');
    const report = execFileSync(process.execPath, [dclint, '--formatter', 'json', 'compose.yaml'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(JSON.parse(report) as unknown[]).toEqual([expect.objectContaining({ errorCount: 0, warningCount: 0 })]);
  });

  it('publishes the api alone, and on this machine only', () => {
    const published = [...read('compose.yaml').matchAll(/^ *- ["']?([\d.]*:?[\d-]+:\d+)["']?$/gm)].map(
      ([, port]) => port,
    );
    expect(published).toEqual(['127.0.0.1:3000-3003:3000']);
  });
});

describe('deploy/example.env', () => {
  const names = [...read('deploy/example.env').matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name]) => name ?? '');
  const known = describeVariables();

  it('names variables that exist, and every one that production needs', () => {
    expect(names.filter((name) => !known.some((variable) => variable.name === name))).toEqual([]);
    const needed = known.filter((variable) => variable.needed !== 'no').map(({ name }) => name);
    expect(needed).toEqual(expect.arrayContaining(['DATABASE_URL', 'REDIS_URL', 'ENCRYPTION_KEYS', 'PUBLIC_URL']));
    expect(needed.filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('the table of variables', () => {
  it('says of each what it is and what it means', () => {
    for (const { name, type, meaning } of known()) {
      expect([name, type !== '' && meaning.length > 10]).toEqual([name, true]);
    }
    expect(known().find(({ name }) => name === 'PORT')).toMatchObject({ type: 'port', default: '3000', needed: 'no' });
    expect(known().find(({ name }) => name === 'PUBLIC_URL')?.needed).toBe('in production');
  });

  function known() {
    return describeVariables();
  }
});
