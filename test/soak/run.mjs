// npm run soak -- [options]
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withCompiled } from '../support/compiled.mjs';

await withCompiled([join('test', 'soak'), join('test', 'fleet')], async (out) => {
  const { main } = await import(pathToFileURL(join(out, 'test', 'soak', 'main.js')).href);
  process.exitCode = await main(process.argv.slice(2));
});
