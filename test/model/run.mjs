// npm run test:model -- [options]
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withCompiled } from '../support/compiled.mjs';

await withCompiled([join('test', 'model'), join('test', 'support')], async (out) => {
  const { main } = await import(pathToFileURL(join(out, 'test', 'model', 'main.js')).href);
  process.exitCode = await main(process.argv.slice(2));
});
