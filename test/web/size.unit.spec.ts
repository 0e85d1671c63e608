import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const FOLDER = join(import.meta.dirname, '..', '..', 'dist', 'web');
const MOST_BYTES = 250_000;

const built = existsSync(join(FOLDER, 'index.html'));

/** Everything that the browser loads before anything is shown: the document’s files, and what those import. */
function firstLoad(): string[] {
  const document = readFileSync(join(FOLDER, 'index.html'), 'utf8');
  const queue = [...document.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, path = '']) => path);
  const files = new Set<string>();
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (files.has(path)) continue;
    files.add(path);
    if (!path.endsWith('.js')) continue;
    const source = readFileSync(join(FOLDER, path), 'utf8');
    const imports = source.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g);
    queue.push(...[...imports].map(([, name = '']) => `assets/${name}`));
  }
  return [...files];
}

(built ? describe : describe.skip)('the built page', () => {
  it(`loads at most ${MOST_BYTES / 1000} kB before it shows the tasks`, () => {
    const bytes = firstLoad().reduce((sum, path) => sum + statSync(join(FOLDER, `${path}.br`)).size, 0);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('has nothing inline that the content policy would refuse', () => {
    const document = readFileSync(join(FOLDER, 'index.html'), 'utf8');
    expect(document).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=/);
  });

  it('has each text file compressed beside it', () => {
    const assets = readdirSync(join(FOLDER, 'assets'));
    const texts = assets.filter((name) => /\.(js|css)$/.test(name));
    expect(texts.filter((name) => !assets.includes(`${name}.br`) || !assets.includes(`${name}.gz`))).toEqual([]);
  });
});
