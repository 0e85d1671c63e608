import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { configurationPage } from './config/describe.js';

// Writes docs/configuration.md from the schema, or with --check says whether it is current.
const path = `${import.meta.dirname}/../docs/configuration.md`;
const page = configurationPage();
const current = existsSync(path) && readFileSync(path, 'utf8') === page;
if (!process.argv.includes('--check')) {
  writeFileSync(path, page);
  console.log(current ? 'docs/configuration.md was current.' : 'docs/configuration.md is written.');
} else if (!current) {
  console.error('docs/configuration.md does not match the schema: run npm run docs:config and commit it.');
  process.exitCode = 1;
}
